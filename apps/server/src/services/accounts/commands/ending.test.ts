import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createLog } from '../../../platform/log/log.js';
import { Unavailable } from '../../../platform/unavailable.js';
import { Eraser } from '../erasure/eraser.js';
import { Desk, hex } from '../store/contract/desk.js';
import type { Bearer } from '../tokens/bearer.js';
import type { Ended } from '../tokens/endings.js';
import { House } from '../tokens/house.fixture.js';
import { endingOf } from './ending.js';
import { erase } from './erase.js';
import { revoke } from './revoke.js';

describe('ending tokens', () => {
  let house: House;
  let here: Awaited<ReturnType<House['instance']>>;
  let eraser: Eraser;
  let heard: { here: (Ended | null)[]; there: (Ended | null)[] };
  before(async () => {
    house = await House.open();
  });
  after(() => house.end());
  beforeEach(async () => {
    here = await house.instance();
    const there = await house.instance();
    const each: typeof heard = { here: [], there: [] };
    here.endings.onEnded((ended) => each.here.push(ended));
    there.endings.onEnded((ended) => each.there.push(ended));
    heard = each;
    eraser = new Eraser({ db: house.db, clock: house.clock, log: createLog('silent') });
  });

  const parts = () => ({ db: house.db, clock: house.clock, endings: here.endings, eraser });
  const settled = () => new Promise(setImmediate);
  async function bearer(): Promise<Bearer> {
    const verified = await here.verifier.verify(await house.token());
    assert.ok(verified.ok);
    return verified.bearer;
  }

  test('a revocation is told on every instance: of one token, or of all', async () => {
    const { accountId, tokenId, ...rest } = await bearer();
    await revoke(parts(), { accountId, tokenId, ...rest }, {});
    await revoke(parts(), { accountId, tokenId, ...rest }, { all: true });
    await settled();
    const told = [
      { accountId, tokenId },
      { accountId, tokenId: null },
    ];
    assert.deepEqual(heard, { here: told, there: told });
  });

  test('an erasure is told on every instance, and then done elsewhere', async () => {
    const mine = await bearer();
    const erased: string[] = [];
    eraser.onDeleted(async (account) => {
      // Nothing of the account is let in any more when what it left is erased.
      assert.equal(await here.verifier.stands(mine), false);
      assert.equal(heard.here.length, 1);
      erased.push(hex(account));
    });
    await erase(parts(), mine);
    await settled();
    assert.deepEqual(erased, [hex(mine.account)]);
    const told = [{ accountId: mine.accountId, tokenId: null }];
    assert.deepEqual(heard, { here: told, there: told });
  });

  test('where something cannot be erased now the account is gone all the same, and the rest is owed', async () => {
    const mine = await bearer();
    eraser.onDeleted(async () => {
      throw new Unavailable('the other store');
    });
    await assert.rejects(erase(parts(), mine), Unavailable);
    assert.equal(await here.verifier.stands(mine), false);
    const desk = new Desk(house.db);
    desk.now = house.clock.now();
    assert.ok((await desk.erasures()).includes(hex(mine.account)));
  });

  test("all of an outside issuer's tokens end with the one that asks, whose clock may be ahead", async () => {
    const now = house.clock.now();
    const mine = await bearer();
    assert.equal(endingOf(mine, house.clock), null);
    assert.equal(endingOf({ ...mine, generation: null, issuedAt: now - 5_000 }, house.clock), now);
    assert.equal(endingOf({ ...mine, generation: null, issuedAt: now + 5_000 }, house.clock), now + 5_000);
  });
});
