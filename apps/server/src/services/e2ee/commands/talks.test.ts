import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ManualClock } from '../../../platform/clock.manual.js';
import type { Database } from '../../../platform/sql/database.js';
import { Unavailable } from '../../../platform/unavailable.js';
import { Talks } from './talks.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TODAY = 20_000 * DAY_MS;
/** Pairs that are remembered. */
const BOUND = 100_000;

const [ALICE, BOB, CAROL] = [id(1), id(2), id(3)] as const;

function id(number: number): Uint8Array {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(number);
  return bytes;
}

function scene() {
  const written: { a: Uint8Array; b: Uint8Array; day: number }[] = [];
  const state: { fault: Error | null } = { fault: null };
  const write = async (_command: unknown, input: (typeof written)[number]) => {
    written.push(input);
    if (state.fault !== null) throw state.fault;
  };
  const clock = new ManualClock(TODAY + 5 * HOUR_MS);
  // Talks ask for nothing but writes.
  return { clock, written, state, talks: new Talks({ write } as unknown as Database, clock) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the day on which a pair last talked', () => {
  test('is noted to the day, once in it, whoever of them writes and however often', () => {
    const { clock, written, talks } = scene();
    for (let hour = 5; hour < 24; hour += 1) {
      talks.note(ALICE, BOB);
      talks.note(BOB, ALICE);
      if (hour < 23) clock.advance(HOUR_MS);
    }
    assert.deepEqual(written, [{ a: ALICE, b: BOB, day: TODAY }]);
    clock.advance(HOUR_MS - 1);
    talks.note(BOB, ALICE);
    assert.equal(written.length, 1, 'the last millisecond of the day');
    clock.advance(1);
    talks.note(BOB, ALICE);
    talks.note(ALICE, BOB);
    assert.deepEqual(written.slice(1), [{ a: ALICE, b: BOB, day: TODAY + DAY_MS }]);
  });

  test('is of each pair', () => {
    const { written, talks } = scene();
    talks.note(ALICE, BOB);
    talks.note(CAROL, ALICE);
    talks.note(BOB, CAROL);
    assert.deepEqual(
      written.map(({ a, b }) => [a, b]),
      [
        [ALICE, BOB],
        [ALICE, CAROL],
        [BOB, CAROL],
      ],
    );
  });

  test('that could not be written is noted with the next message, and no send fails by it', async () => {
    const { written, state, talks } = scene();
    state.fault = new Unavailable('the database');
    talks.note(ALICE, BOB);
    await turn();
    state.fault = null;
    talks.note(ALICE, BOB);
    await turn();
    talks.note(ALICE, BOB);
    assert.equal(written.length, 2);
  });

  test('is noted again for a new session', () => {
    const { written, talks } = scene();
    talks.note(ALICE, BOB);
    talks.note(ALICE, CAROL);
    talks.forget(BOB, ALICE);
    talks.note(ALICE, BOB);
    talks.note(ALICE, CAROL);
    assert.deepEqual(
      written.map(({ b }) => b),
      [BOB, CAROL, BOB],
    );
  });

  test('of more pairs than are remembered is noted more often, and what is remembered stays', () => {
    const { clock, written, talks } = scene();
    for (let other = 0; other < BOUND; other += 1) talks.note(ALICE, id(10 + other));
    assert.equal(written.length, BOUND);
    talks.note(ALICE, BOB);
    talks.note(ALICE, BOB);
    assert.equal(written.length, BOUND + 2);
    talks.note(ALICE, id(10));
    assert.equal(written.length, BOUND + 2);
    // A new day needs no more room.
    clock.advance(DAY_MS);
    talks.note(ALICE, BOB);
    talks.note(ALICE, BOB);
    assert.equal(written.length, BOUND + 3);
  });
});
