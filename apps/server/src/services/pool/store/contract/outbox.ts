import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_HISTORY } from '@blindpost/protocol/pool';
import { history } from '../history.js';
import { audit, hex } from './audit.js';
import type { Bench } from './bench.js';
import { Desk, newMiner } from './desk.js';

export function outboxRules(bench: Bench): void {
  /** A desk, and a miner with a code that was just reserved. */
  const reserved = async () => {
    const [desk, miner] = [await Desk.open(await bench.database()), newMiner()];
    await desk.pay(miner);
    const redemption = await desk.redeem(miner, 1_000_000);
    assert.ok(redemption.status === 'ok');
    return { desk, miner, ...redemption };
  };
  const stateOf = async (desk: Desk, miner: Uint8Array) =>
    (await desk.db.read(history, { miner })).map(({ state }) => state);

  test('a code goes from reserved over issued to delivered, and the miner sees it at each step', async () => {
    const { desk, miner, id, code, quota } = await reserved();
    assert.equal(quota, 500_000);
    const item = { ts_ms: desk.now, amount_micro: 1_000_000, quota, code };
    assert.deepEqual(await desk.db.read(history, { miner }), [{ ...item, state: 'reserved' }]);
    assert.deepEqual(await desk.claim(id), [{ id, code, quota, createdAtMs: desk.now }]);
    assert.deepEqual(await stateOf(desk, miner), ['issued']);
    assert.deepEqual(await desk.record(id, 'delivered'), { state: 'delivered' });
    assert.deepEqual(await stateOf(desk, miner), ['delivered']);
    desk.now += 1e12;
    assert.deepEqual(await desk.claim(), []);
    assert.deepEqual((await desk.state()).outbox, { reserved: 0, issued: 0, delivered: 1, failed: 0 });
  });

  test('a code is claimed by one of many', async () => {
    const { desk, id, code } = await reserved();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, i) => desk.claim(i % 2 === 0 ? id : null)),
    );
    assert.deepEqual(
      claims.flat().map((claimed) => claimed.code),
      [code],
    );
  });

  test('a code that was just reserved is left to who asked for it, for a while', async () => {
    const { desk, id, code } = await reserved();
    assert.deepEqual(await desk.claim(null, 20, 3_000), []);
    assert.deepEqual(
      (await desk.claim(id, 20, 3_000)).map((claimed) => claimed.code),
      [code],
    );
    const other = await reserved();
    other.desk.now += 3_000;
    assert.deepEqual(
      (await other.desk.claim(null, 20, 3_000)).map((claimed) => claimed.code),
      [other.code],
    );
  });

  test('a claim whose holder died is free again after its lease', async () => {
    const { desk, id } = await reserved();
    assert.equal((await desk.claim()).length, 1);
    desk.now += 29_999;
    assert.deepEqual(await desk.claim(), []);
    desk.now += 1;
    assert.deepEqual(
      (await desk.claim()).map((claimed) => hex(claimed.id)),
      [hex(id)],
    );
  });

  test('what is refused or unknown is tried again with the same code, each time later', async () => {
    const { desk, miner, id, code } = await reserved();
    const states = { refused: 'failed', unknown: 'issued' } as const;
    for (const [outcome, wait] of [
      ['refused', 5_000],
      ['unknown', 10_000],
      ['refused', 20_000],
    ] as const) {
      assert.deepEqual(
        (await desk.claim()).map((claimed) => claimed.code),
        [code],
      );
      assert.deepEqual(await desk.record(id, outcome), { state: states[outcome] });
      assert.deepEqual(await stateOf(desk, miner), [states[outcome]]);
      desk.now += wait - 1;
      assert.deepEqual(await desk.claim(id), [], 'not before its time');
      desk.now += 1;
    }
    assert.equal((await desk.claim()).length, 1);
    assert.deepEqual(await desk.record(id, 'delivered'), { state: 'delivered' });
  });

  test('what is delivered stays delivered, whatever an older try reports', async () => {
    const { desk, id } = await reserved();
    await desk.claim();
    await desk.record(id, 'delivered');
    for (const outcome of ['refused', 'unknown'] as const) {
      assert.deepEqual(await desk.record(id, outcome), { state: 'delivered' });
    }
    desk.now += 1e12;
    assert.deepEqual(await desk.claim(), []);
  });

  test('a bounded number is claimed, the longest due first', async () => {
    const { desk, miner } = await reserved();
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      desk.now += 1;
      const redemption = await desk.redeem(miner, 1_000);
      if (redemption.status === 'ok') ids.push(hex(redemption.id));
    }
    const claimed = [...(await desk.claim(null, 3)), ...(await desk.claim(null, 3))];
    assert.equal(claimed.length, 6);
    assert.deepEqual(
      claimed
        .slice(3)
        .map(({ id }) => hex(id))
        .sort(),
      ids.slice(2).sort(),
    );
  });

  test('the history is the miner’s own, latest first, and bounded', async () => {
    const { desk, miner, code } = await reserved();
    const codes = [code];
    for (let index = 1; index <= MAX_HISTORY; index++) {
      desk.now += 1;
      const redemption = await desk.redeem(miner, 100);
      if (redemption.status === 'ok') codes.unshift(redemption.code);
    }
    const items = await desk.db.read(history, { miner });
    assert.deepEqual(
      items.map((item) => item.code),
      codes.slice(0, MAX_HISTORY),
    );
    assert.deepEqual(await desk.db.read(history, { miner: newMiner() }), []);
    await audit(desk.db);
  });
}
