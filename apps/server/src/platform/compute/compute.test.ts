import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from '../clock.manual.js';
import { Unavailable } from '../unavailable.js';
import { Compute, type Computed, type ComputeOptions } from './compute.js';
import {
  answerFunction,
  double,
  exit,
  fail,
  leaveMark,
  misnamed,
  retireNow,
  spin,
  standAt,
  trip,
  whoAmI,
} from './jobs.fixture.js';
import { loaded } from './slow-module.fixture.js';

const open: Compute[] = [];
function start(options: Partial<ComputeOptions> = {}): Compute {
  const compute = new Compute({ workers: 1, queue: 8, ...options });
  open.push(compute);
  return compute;
}
afterEach(async () => {
  for (const compute of open.splice(0)) await compute.close();
});

/** Words that all threads see. */
const shared = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));

/** Where jobs stand still: `standing(n)` answers when n of them do, `open()` lets them go on. */
class Gate {
  readonly words = shared(2);
  async standing(count: number): Promise<void> {
    while (Atomics.load(this.words, 1) < count) await turn();
  }
  open(): void {
    Atomics.store(this.words, 0, 1);
    Atomics.notify(this.words, 0);
  }
}

function value<T>(computed: Computed<T>): T {
  assert.ok(computed.ok);
  return computed.value;
}

describe('compute', () => {
  test('a job answers from a thread that is not the main one', async () => {
    const compute = start();
    assert.equal(value(await compute.run(double, 21)), 42);
    assert.notEqual(value(await compute.run(whoAmI, null)), 0);
  });

  test('threads are asked for only when there is work, and no more of them than allowed', async () => {
    const compute = start({ workers: 2 });
    assert.deepEqual(compute.load(), { running: 0, queued: 0, workers: 2, refused: 0 });
    const gate = new Gate();
    const jobs = [1, 2, 3].map(() => compute.run(standAt, gate.words));
    await gate.standing(2);
    assert.deepEqual(compute.load(), { running: 2, queued: 1, workers: 2, refused: 0 });
    gate.open();
    await Promise.all(jobs);
    assert.deepEqual(compute.load(), { running: 0, queued: 0, workers: 2, refused: 0 });
  });

  test('without a number there is one thread at least', () => {
    assert.ok(start({ workers: 0 }).load().workers >= 1);
  });

  test('the event loop turns while every thread stands still', async () => {
    const compute = start({ workers: 2 });
    const gate = new Gate();
    const jobs = [compute.run(standAt, gate.words), compute.run(standAt, gate.words)];
    await gate.standing(2);
    for (let turns = 0; turns < 1000; turns++) await turn();
    assert.equal(compute.load().running, 2);
    gate.open();
    await Promise.all(jobs);
  });

  test('a full queue refuses with the seconds to wait, and takes work again when there is room', async () => {
    const compute = start({ queue: 2 });
    const gate = new Gate();
    const jobs = [1, 2, 3].map(() => compute.run(standAt, gate.words));
    await gate.standing(1);
    const refused = await compute.run(double, 1);
    assert.ok(!refused.ok && Number.isInteger(refused.retryAfter) && refused.retryAfter >= 1);
    assert.deepEqual(compute.load(), { running: 1, queued: 2, workers: 1, refused: 1 });
    gate.open();
    await Promise.all(jobs);
    assert.equal(value(await compute.run(double, 1)), 2);
    assert.equal(compute.load().refused, 1);
  });

  test('the seconds to wait follow from how long jobs took so far', async () => {
    const clock = new ManualClock(0);
    const compute = start({ queue: 2, clock });
    const first = new Gate();
    const measured = compute.run(standAt, first.words);
    await first.standing(1);
    // What the thread has told is on its way.
    for (let turns = 0; turns < 100; turns++) await turn();
    clock.advance(4_000);
    first.open();
    await measured;
    const gate = new Gate();
    const jobs = [1, 2, 3].map(() => compute.run(standAt, gate.words));
    assert.deepEqual(await compute.run(double, 1), { ok: false, retryAfter: 12 });
    gate.open();
    await Promise.all(jobs);
  });

  test('jobs of one lane run in order, and lanes take turns', async () => {
    const compute = start();
    const gate = new Gate();
    const standing = compute.run(standAt, gate.words);
    await gate.standing(1);
    const marks = shared(8);
    const jobs = [11, 12, 13, 21, 31, 32].map((mark) =>
      compute.run(leaveMark, { marks, mark }, { lane: String(Math.floor(mark / 10)) }),
    );
    gate.open();
    await Promise.all([standing, ...jobs]);
    assert.deepEqual([...marks.subarray(1, 7)], [11, 21, 31, 12, 32, 13]);
  });

  test('who fills the queue is refused before a caller who asks for little', async () => {
    const compute = start({ queue: 2 });
    const gate = new Gate();
    const greedy = [1, 2, 3].map(() => compute.run(standAt, gate.words, { lane: 'greedy' }));
    await gate.standing(1);
    const modest = compute.run(double, 4, { lane: 'modest' });
    assert.equal((await greedy[2])?.ok, false);
    gate.open();
    assert.equal(value(await modest), 8);
    await Promise.all(greedy);
  });
});

describe('compute, when jobs fail', () => {
  test('what a job throws reaches its caller, and the thread goes on', async () => {
    const compute = start();
    const thread = value(await compute.run(whoAmI, null));
    await assert.rejects(compute.run(fail, 'out of bounds'), /out of bounds/);
    assert.equal(value(await compute.run(whoAmI, null)), thread);
  });

  test('a job whose thread dies under it is repeated on a fresh one', async () => {
    const compute = start();
    const tries = shared(1);
    assert.equal(value(await compute.run(exit, { tries, times: 1 })), 'survived');
    assert.equal(tries[0], 2);
  });

  test('a job that kills two threads is Unavailable, and takes no other job with it', async () => {
    const compute = start({ workers: 2 });
    const gate = new Gate();
    const beside = compute.run(standAt, gate.words);
    await gate.standing(1);
    const tries = shared(1);
    const deadly = compute.run(exit, { tries, times: 9 });
    const behind = compute.run(double, 5);
    await assert.rejects(deadly, Unavailable);
    assert.equal(tries[0], 2);
    assert.equal(value(await behind), 10);
    gate.open();
    assert.equal(value(await beside), null);
  });

  test('what a job leaves behind may end the thread, not the next job', async () => {
    const compute = start();
    for (let i = 0; i < 5; i++) {
      assert.equal(value(await compute.run(trip, null)), 'answered');
      assert.equal(value(await compute.run(double, i)), 2 * i);
    }
  });

  test('a job without end is ended at its limit, and the next one runs', async () => {
    const compute = start({ limitMs: 50 });
    const spinning = compute.run(spin, null);
    const next = compute.run(double, 3);
    await assert.rejects(spinning, (error: unknown) => {
      assert.ok(error instanceof Unavailable && error.cause instanceof Error);
      assert.match(error.cause.message, /spin took too long/);
      return true;
    });
    assert.equal(value(await next), 6);
  });

  test('the limit does not count the start of a thread and of the module', async () => {
    assert.equal(value(await start({ limitMs: 250 }).run(loaded, null)), 'loaded');
  });

  test('input and output that cannot cross to a thread are errors of the caller', async () => {
    const compute = start();
    const uncloneable = (() => 1) as unknown as number; // What the types do not let through.
    await assert.rejects(compute.run(double, uncloneable), /could not be cloned/);
    await assert.rejects(compute.run(answerFunction, null), /could not be cloned/);
    assert.equal(value(await compute.run(double, 7)), 14);
  });

  test('a job that is not exported under its name is an error that says so', async () => {
    await assert.rejects(start().run(misnamed, null), /jobs\.fixture\.js does not export the job nowhere/);
  });

  test('a job that retires its thread is answered, and the next one finds another', async () => {
    const compute = start();
    const threads = [
      value(await compute.run(retireNow, null)),
      value(await compute.run(retireNow, null)),
      value(await compute.run(whoAmI, null)),
      value(await compute.run(whoAmI, null)),
    ];
    assert.equal(new Set(threads).size, 3);
    assert.equal(threads[2], threads[3]);
  });
});

describe('compute, closing', () => {
  test('what was asked for is finished in order, and nothing is taken any more', async () => {
    const compute = start();
    const gate = new Gate();
    const marks = shared(4);
    const standing = compute.run(standAt, gate.words);
    const jobs = [1, 2, 3].map((mark) => compute.run(leaveMark, { marks, mark }));
    await gate.standing(1);
    const closed = compute.close();
    await assert.rejects(compute.run(double, 1), Unavailable);
    gate.open();
    await Promise.all([standing, ...jobs, closed]);
    assert.deepEqual([...marks], [3, 1, 2, 3]);
    assert.deepEqual(compute.load(), { running: 0, queued: 0, workers: 1, refused: 0 });
  });

  test('a job that does not end holds the close up no longer than its bound', async () => {
    const compute = start({ closeMs: 20 });
    const outcomes = [compute.run(spin, null), compute.run(double, 1)].map((job) =>
      job.then(() => 'answered').catch((error: unknown) => error),
    );
    await compute.close();
    for (const outcome of await Promise.all(outcomes)) assert.ok(outcome instanceof Unavailable);
    assert.equal(compute.close(), compute.close());
  });
});
