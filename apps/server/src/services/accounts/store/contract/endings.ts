import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Database } from '../../../../platform/sql/database.js';
import type { Bench } from './bench.js';
import { Desk, hex, newId } from './desk.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How tokens and accounts end. */
export function endingRules(bench: Bench): void {
  let databases: readonly Database[] = [];
  let desk: Desk;
  before(async () => {
    databases = await bench.open();
    const [first] = databases;
    assert.ok(first !== undefined);
    desk = new Desk(first);
  });
  after(() => Promise.all(databases.map((database) => database.close())));

  test('a revoked token is known, once or twice revoked, and no other is', async () => {
    const [account, token] = [await desk.account(), newId()];
    assert.equal((await desk.standing(account, token)).revoked, false);
    await Promise.all([desk.revokeToken(token), desk.revokeToken(token), desk.revokeToken(newId())]);
    assert.equal((await desk.standing(account, token)).revoked, true);
    assert.equal((await desk.standing(account)).revoked, false);
  });

  test('each end of all tokens of an account is another generation, of this account only', async () => {
    const [account, other] = [await desk.account(), await desk.account()];
    const desks = databases.map((database) => new Desk(database));
    await Promise.all(desks.flatMap((each) => [each.revokeAll(account), each.revokeAll(account)]));
    assert.equal((await desk.standing(account)).generation, 2 * desks.length);
    assert.equal((await desk.credentials(account))?.generation, 2 * desks.length);
    assert.equal((await desk.standing(other)).generation, 0);
  });

  test("an ending of an outside issuer's tokens is never taken back by an earlier one", async () => {
    const account = newId();
    await desk.admit(account);
    await Promise.all([5, 9, 7, 9, 1].map((until) => desk.revokeAll(account, until)));
    assert.equal((await desk.standing(account)).endedAt, 9);
    assert.equal((await desk.standing(account)).generation, 0);
  });

  test('an account is admitted once, and not for a token that was ended', async () => {
    const account = newId();
    const desks = databases.map((database) => new Desk(database));
    const admitted = await Promise.all(desks.flatMap((each) => [each.admit(account), each.admit(account)]));
    for (const outcome of admitted) assert.equal(outcome, 'admitted');
    await desk.delete(account, desk.now);
    assert.equal(await desk.exists(account), false);
    assert.equal(await desk.admit(account, desk.now), 'ended');
    assert.equal(await desk.exists(account), false);
  });

  test('an account of the same id waits until what the one before left is erased', async () => {
    const account = newId();
    await desk.admit(account);
    await desk.delete(account, desk.now);
    assert.equal(await desk.admit(account, desk.now + 1_000), 'erasing');
    assert.equal(await desk.exists(account), false);
    await desk.closeErasure(account);
    assert.equal(await desk.admit(account, desk.now + 1_000), 'admitted');
    assert.equal(await desk.exists(account), true);
  });

  test('admissions and deletions that race leave no account for a token that was ended', async () => {
    const desks = databases.map((database) => new Desk(database));
    for (let round = 0; round < 20; round++) {
      const account = newId();
      await desk.admit(account);
      await Promise.all(
        desks.flatMap((each) => [
          each.admit(account),
          each.delete(account, each.now),
          each.admit(account),
          each.delete(account, each.now),
          each.admit(account),
        ]),
      );
      assert.equal(await desk.exists(account), false);
      assert.equal((await desk.standing(account)).endedAt, desk.now);
    }
  });

  test('a deletion leaves an erasure to be done, until it is', async () => {
    const account = await desk.account();
    await desk.delete(account);
    await desk.delete(account);
    assert.ok((await desk.erasures()).includes(hex(account)));
    await desk.closeErasure(account);
    assert.ok(!(await desk.erasures()).includes(hex(account)));
    await desk.delete(newId());
    desk.now -= 1;
    assert.ok(!(await desk.erasures()).includes(hex(account)));
  });

  test('the sweep takes what has run out, in steps, and nothing else', async () => {
    const [account, living, token] = [newId(), newId(), newId()];
    await desk.admit(account);
    await desk.revokeToken(living, desk.now + 10 * DAY_MS);
    await desk.revokeAll(account, desk.now);
    await Promise.all(Array.from({ length: 1_100 }, () => desk.revokeToken(newId(), desk.now)));
    await desk.revokeToken(token, desk.now);
    desk.now += HOUR_MS - 1;
    assert.equal(await desk.sweep(), false);
    assert.equal((await desk.standing(account, token)).revoked, true);
    desk.now += 1;
    assert.equal(await desk.sweep(), true);
    while (await desk.sweep());
    assert.equal((await desk.standing(account, token)).revoked, false);
    assert.equal((await desk.standing(account, living)).revoked, true);
    desk.now += 30 * DAY_MS - 1;
    await desk.sweep();
    assert.notEqual((await desk.standing(account)).endedAt, null);
    desk.now += 1;
    await desk.sweep();
    assert.equal((await desk.standing(account)).endedAt, null);
    assert.equal((await desk.standing(account, living)).revoked, false);
    assert.equal(await desk.exists(account), true);
  });
}
