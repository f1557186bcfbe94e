import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { QueueLimits } from '../../rules/room.js';
import type { Delivered, Stored } from '../deliver.js';
import { openQueue } from '../open-queue.js';
import { audit, hex } from './audit.js';
import type { Bench } from './bench.js';
import { DAY_MS, type Desk, HOUR_MS, owner, type Wish } from './desk.js';
import { ModelQueues } from './model.js';
import { Stage } from './stage.js';

const PEOPLE = 3;
const person = fc.nat(PEOPLE - 1);
const wish = fc.record({
  to: person,
  key: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
  text: fc.constantFrom('x', 'x', 'x', 'y'),
  size: fc.constantFrom(1, 10, 40),
  expiresIn: fc.option(fc.constantFrom(1, HOUR_MS, DAY_MS), { nil: undefined }),
});
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      // Asked for at once: they share a batch.
      batch: fc.array(fc.record({ from: person, drafts: fc.array(wish, { minLength: 1, maxLength: 4 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('ackIds' as const),
      who: person,
      picks: fc.array(fc.nat(), { maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('ackUpTo' as const), who: person, upTo: fc.nat(12) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('mark' as const),
      who: person,
      first: fc.nat(8),
      length: fc.nat(8),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sweep' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, HOUR_MS, DAY_MS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('erase' as const), who: person, again: fc.boolean() }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
/** Nobody's id. */
const NOBODY = new Uint8Array(16);

/** The store against a model in memory. */
export function scheduleRules(bench: Bench): void {
  const stage = Stage.of(bench);

  test('any schedule of sends, acks, marks, sweeps and erasures ends as it does in memory', async () => {
    const limits = fc.record({ envelopes: fc.constantFrom(0, 6, 30), bytes: fc.constantFrom(0, 150, 600) });
    const schedule = fc.array(step, { minLength: 5, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(schedule, limits, async (steps, bounds) => {
        const play = await Play.begin(stage.desk, bounds);
        for (const next of steps) {
          await play.step(next);
          await play.compare();
        }
        await audit(stage.desk.db);
      }),
      { numRuns: bench.scaled(600), interruptAfterTimeLimit: 240_000 },
    );
  });
}

class Play {
  readonly #desk: Desk;
  readonly #limits: QueueLimits;
  readonly #people: readonly Uint8Array[];
  readonly #model = new ModelQueues();

  private constructor(desk: Desk, limits: QueueLimits, people: readonly Uint8Array[]) {
    this.#desk = desk;
    this.#limits = limits;
    this.#people = people;
    for (const account of people) this.#model.open(account);
  }

  static async begin(desk: Desk, limits: QueueLimits): Promise<Play> {
    return new Play(desk, limits, await desk.accounts(PEOPLE));
  }

  async step(step: Step): Promise<void> {
    const [desk, model] = [this.#desk, this.#model];
    switch (step.kind) {
      case 'deliver': {
        const inputs = step.batch.map(({ from, drafts }) =>
          drafts.map(({ to, expiresIn, ...rest }) => {
            const wish: Wish = { text: rest.text, size: rest.size };
            if (rest.key !== undefined) wish.key = rest.key;
            if (expiresIn !== undefined) wish.expiresAt = desk.now + expiresIn;
            return desk.draft(this.#person(to), this.#person(from), wish);
          }),
        );
        const told = await Promise.all(inputs.map((drafts) => desk.deliver(drafts, this.#limits)));
        const expected = inputs.map((drafts) => model.deliver(drafts, this.#limits));
        assert.deepEqual(
          told.map((one, at) => tell(one, (item) => inputs[at]?.[item]?.id)),
          expected,
        );
        break;
      }
      case 'ackIds': {
        const known = model.ids();
        const ids = known.length === 0 ? [] : step.picks.map((pick) => known[pick % known.length] ?? NOBODY);
        const wanted = new Set(ids.map(hex));
        const who = this.#person(step.who);
        const { count } = await desk.ackIds(who, ids);
        const expected = model.acknowledge(who, ({ draft }) => wanted.has(hex(draft.id)), desk.now);
        assert.equal(count, expected);
        break;
      }
      case 'ackUpTo': {
        const who = this.#person(step.who);
        const { count } = await desk.ackUpTo(who, step.upTo);
        assert.equal(
          count,
          model.acknowledge(who, ({ sequence }) => sequence <= step.upTo, desk.now),
        );
        break;
      }
      case 'mark': {
        const who = this.#person(step.who);
        const { queue } = await desk.pending(who);
        const last = step.first + step.length;
        if (queue !== null) await desk.mark(queue, step.first, last);
        model.mark(who, step.first, last, desk.now);
        break;
      }
      case 'sweep':
        await desk.sweep();
        model.sweep(desk.now);
        break;
      case 'wait':
        desk.now += step.ms;
        break;
      case 'erase': {
        const who = this.#person(step.who);
        await desk.erase(who);
        await desk.purge(2);
        model.erase(who);
        if (!step.again) break;
        await desk.db.write(openQueue, owner(who));
        model.open(who);
        break;
      }
    }
  }

  async compare(): Promise<void> {
    const { queues, envelopes } = await this.#desk.books();
    for (const account of this.#people) {
      const queue = queues.find((row) => row.account !== null && hex(row.account) === hex(account));
      const own = envelopes.filter((row) => row.queue === queue?.id);
      const state = own.map((row) =>
        [row.sequence, hex(row.id), row.status, row.delivered_at, row.acked_at].join(' '),
      );
      const stored = queue === undefined ? null : { last: queue.last, envelopes: state };
      assert.deepEqual(stored, this.#model.state(account));
      const { rows } = await this.#desk.pending(account);
      assert.deepEqual(
        rows.map(({ sequence, id }) => `${sequence} ${hex(id)}`),
        this.#model.pending(account, this.#desk.now),
      );
    }
  }

  #person(index: number): Uint8Array {
    return this.#people[index] ?? NOBODY;
  }
}

function tell(delivered: Delivered, idOf: (item: number) => Uint8Array | undefined): string {
  if (delivered.status === 'full') return `full ${delivered.scope} ${delivered.item}`;
  if (delivered.status !== 'ok') return `${delivered.status} ${delivered.item}`;
  return delivered.stored
    .map((stored, item) => `${stored.kind} ${where(stored, idOf(item) ?? NOBODY)}`)
    .join();
}

function where(stored: Stored, id: Uint8Array): string {
  if (stored.kind === 'stored') return `${stored.sequence} ${hex(id)}`;
  const { sequence, id: first } = stored.kind === 'replay' ? stored.row : stored.spent;
  return `${sequence} ${hex(first)}`;
}
