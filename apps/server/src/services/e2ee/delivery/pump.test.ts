import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { EnvelopeRow } from '../store/envelope.js';
import type { Page } from '../store/pending.js';
import { Pump } from './pump.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A queue in memory and the socket it goes to, which may be held up. */
class Line {
  last = 0;
  take = 3;
  reads = 0;
  caughtUp = 0;
  readonly sent: number[] = [];
  readonly failures: unknown[] = [];
  fault: Error | null = null;
  gate: Promise<unknown> = Promise.resolve();
  #underWay = 0;
  readonly pump = new Pump({
    read: async (after) => {
      this.reads += 1;
      const rows = Array.from({ length: this.last - after }, (_, at) => row(after + at + 1));
      return this.#alone({ queue: 1, rows: rows.slice(0, this.take), more: rows.length > this.take });
    },
    deliver: async ({ rows }) => {
      await this.#alone(null);
      if (this.fault !== null) throw this.fault;
      this.sent.push(...rows.map(({ sequence }) => sequence));
    },
    caughtUp: () => {
      this.caughtUp += 1;
    },
    failed: (error) => this.failures.push(error),
  });

  put(count: number): void {
    this.last += count;
    this.pump.wake();
  }

  async #alone<T>(value: T): Promise<T> {
    assert.equal(this.#underWay, 0, 'one thing at a time');
    this.#underWay += 1;
    await this.gate;
    this.#underWay -= 1;
    return value;
  }
}

// Of a row the pump looks at its place alone.
const row = (sequence: number) => ({ sequence }) as EnvelopeRow;
const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

describe('the pump from a queue to a socket', () => {
  test('everything comes once and in order, page by page, and what comes later too', async () => {
    const line = new Line();
    line.put(10);
    await turn();
    assert.deepEqual(line.sent, upTo(10));
    line.put(2);
    await turn();
    assert.deepEqual(line.sent, upTo(12));
  });

  test('it is caught up once, also when there was nothing', async () => {
    const line = new Line();
    line.pump.wake();
    await turn();
    assert.equal(line.caughtUp, 1);
    line.put(4);
    await turn();
    assert.equal(line.caughtUp, 1);
  });

  test('hints that come while it looks are one more look', async () => {
    const line = new Line();
    let open: (value: null) => void = () => undefined;
    line.gate = new Promise((resolve) => {
      open = resolve;
    });
    line.put(1);
    for (let hint = 0; hint < 100; hint++) line.pump.wake();
    await turn();
    assert.equal(line.reads, 1);
    open(null);
    await turn();
    assert.equal(line.reads, 2);
    assert.deepEqual(line.sent, [1]);
  });

  test('the next page is read when the socket has taken the last one', async () => {
    const line = new Line();
    line.last = 9;
    const events: string[] = [];
    let open: () => void = () => undefined;
    const pump = new Pump({
      read: async (after): Promise<Page> => {
        events.push(`read ${after}`);
        return { queue: 1, rows: [row(after + 1)], more: after < 1 };
      },
      deliver: (page) => {
        events.push(`deliver ${page.rows.length}`);
        return new Promise((resolve) => {
          open = resolve;
        });
      },
      caughtUp: () => events.push('caught up'),
      failed: () => events.push('failed'),
    });
    pump.wake();
    await turn();
    assert.deepEqual(events, ['read 0', 'deliver 1']);
    open();
    await turn();
    assert.deepEqual(events.slice(2), ['read 1', 'deliver 1']);
    open();
    await turn();
    assert.deepEqual(events.slice(4), ['caught up']);
  });

  test('a stopped one neither sends nor is caught up, whenever it was stopped', async () => {
    for (const when of ['before', 'meanwhile']) {
      const line = new Line();
      if (when === 'before') line.pump.stop();
      line.put(5);
      line.pump.stop();
      await turn();
      line.pump.wake();
      await turn();
      assert.deepEqual([line.sent, line.caughtUp], [[], 0], when);
    }
  });

  test('what failed is told, and the next hint begins with it again', async () => {
    const line = new Line();
    line.fault = new Error('the socket is gone');
    line.put(4);
    await turn();
    assert.deepEqual([line.failures, line.sent, line.caughtUp], [[line.fault], [], 0]);
    line.fault = null;
    line.pump.wake();
    await turn();
    assert.deepEqual([line.sent, line.caughtUp], [upTo(4), 1]);
  });

  test('whenever envelopes come and however the socket takes them, none is lost, doubled or turned', async () => {
    const schedule = fc.array(
      fc.record({ count: fc.nat(5), turns: fc.nat(3), take: fc.integer({ min: 1, max: 4 }) }),
    );
    await fc.assert(
      fc.asyncProperty(schedule, async (schedule) => {
        const line = new Line();
        for (const { count, turns, take } of schedule) {
          line.take = take;
          line.gate = turns > 1 ? turn() : Promise.resolve();
          line.put(count);
          for (let at = 0; at < turns; at++) await turn();
        }
        line.gate = Promise.resolve();
        for (let at = 0; at < 5; at++) await turn();
        assert.deepEqual(line.sent, upTo(line.last));
      }),
    );
  });
});
