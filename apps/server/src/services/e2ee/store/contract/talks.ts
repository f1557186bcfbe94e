import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderedPair } from '../../rules/pair.js';
import { ensureSession, touchSession } from '../ensure-session.js';
import type { Bench } from './bench.js';
import { DAY_MS, type Desk, newId } from './desk.js';
import { Stage } from './stage.js';

/** The one session of a pair. */
export function talkRules(bench: Bench): void {
  const stage = Stage.of(bench);
  const utf8 = new TextEncoder();
  const ensure = (
    desk: Desk,
    by: Uint8Array,
    other: Uint8Array,
    wish: { hint?: string; meta?: string } = {},
  ) =>
    desk.db.write(ensureSession, {
      ...orderedPair(by, other),
      id: newId(),
      initiatedBy: by,
      hint: wish.hint === undefined ? null : utf8.encode(wish.hint),
      meta: wish.meta === undefined ? null : utf8.encode(wish.meta),
      now: desk.now,
    });

  test('a pair that races at several servers has one session, whoever of them asks', async () => {
    for (let round = 0; round < bench.scaled(200); round++) {
      const [one, other] = [newId(), newId()];
      const made = await stage.everywhere(16, (desk, index) =>
        index % 2 === 0 ? ensure(desk, one, other) : ensure(desk, other, one),
      );
      for (const session of made) assert.deepEqual(session, made[0]);
      const { a, b } = orderedPair(one, other);
      assert.deepEqual([made[0]?.account_a, made[0]?.account_b], [a, b]);
    }
  });

  test('a hint or meta that is given replaces the one before, and one that is not leaves it', async () => {
    const { desk } = stage;
    const [one, other] = [newId(), newId()];
    const first = await ensure(desk, one, other, { hint: 'h', meta: '{}' });
    desk.now += 1_000;
    assert.deepEqual(await ensure(desk, other, one), { ...first, idle_since: desk.now });
    desk.now += 1_000;
    const changed = await ensure(desk, other, one, { hint: 'i' });
    assert.deepEqual(changed, {
      ...first,
      hint: utf8.encode('i'),
      updated_at: desk.now,
      idle_since: desk.now,
    });
    const stored = (await desk.books()).sessions.find(({ id }) => `${id}` === `${first.id}`);
    assert.deepEqual(stored, changed);
  });

  test('sessions that race the erasure of one of the pair are made or gone, and nothing fails', async () => {
    const [one, other] = await stage.desk.accounts(2);
    assert.ok(one !== undefined && other !== undefined);
    await stage.everywhere(bench.scaled(4_000), async (desk, index) => {
      if (index % 3 === 0) await desk.erase(one);
      else assert.deepEqual((await ensure(desk, one, other)).initiated_by, one);
    });
  });

  test('the day of the last message moves forward only, and a pair without a session gets none', async () => {
    const { desk } = stage;
    const [one, other] = [newId(), newId()];
    const pair = orderedPair(one, other);
    const { id } = await ensure(desk, one, other);
    const last = async () =>
      (await desk.books()).sessions.find((row) => `${row.id}` === `${id}`)?.last_message_at;
    for (const [day, then] of [
      [3, 3],
      [2, 3],
      [3, 3],
      [5, 5],
    ] as const) {
      await desk.db.write(touchSession, { ...pair, day: day * DAY_MS });
      assert.equal(await last(), then * DAY_MS);
    }
    const before = (await desk.books()).sessions.length;
    await desk.db.write(touchSession, { ...orderedPair(newId(), newId()), day: 0 });
    assert.equal((await desk.books()).sessions.length, before);
  });
}
