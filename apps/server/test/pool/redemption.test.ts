import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { History, WithdrawCodeAnswer } from '@blindpost/protocol/pool';
import { mariadbMissing, startMariadb } from '@blindpost/testbed/mariadb';
import type { PoolWire } from '@blindpost/testbed/wire-pool';
import { assertOk } from '../relay/answers.js';
import { assertBalance } from './answers.js';
import { Gateway } from './gateway.js';
import { eventually, onEveryDatabase } from './stage.js';

const AMOUNT = 1_001;
const QUOTA = 500;

const missing = await mariadbMissing();
if (missing === false) await define();
else test('redemption at the gateway', { skip: missing }, () => {});

async function define(): Promise<void> {
  const gateway = new Gateway(await startMariadb());
  await gateway.create();
  after(() => gateway.server.stop());

  await onEveryDatabase(
    'redemption at the gateway',
    (stage) => {
      const redeem = async (miner: PoolWire, key: Record<string, string> = {}) =>
        assertOk(await miner.post('/withdraw_code', { amount_micro: AMOUNT }, key), WithdrawCodeAnswer);
      const stateOf = async (miner: PoolWire, code: string) => {
        const { items } = assertOk(await miner.get('/withdraw_code/history'), History);
        return items.find((item) => item.code === code)?.state;
      };

      /** The answer while the gateway does not take it: the code all the same, and the balance is spent. */
      const redeemInVain = async () => {
        const { miner, held } = await stage.winner();
        const key = { 'idempotency-key': randomUUID() };
        const answer = await redeem(miner, key);
        assert.equal(answer.status, 'error', JSON.stringify(answer));
        assert.equal('reason' in answer && answer.reason, 'redeem_mysql_insert_failed');
        assert.deepEqual([answer.amount_micro, answer.quota], [AMOUNT, QUOTA]);
        await assertBalance(miner, held - AMOUNT);
        assert.ok(['reserved', 'issued', 'failed'].includes(String(await stateOf(miner, answer.code))));
        const retry = await redeem(miner, key);
        assert.equal(retry.code, answer.code);
        await assertBalance(miner, held - AMOUNT);
        return { miner, code: answer.code, held };
      };

      const assertArrives = async (miner: PoolWire, code: string) => {
        await eventually('delivered', async () => (await stateOf(miner, code)) === 'delivered');
        const rows = await gateway.codes(code);
        assert.deepEqual(
          rows.map(({ key, quota, status }) => [key, quota, status]),
          [[code, QUOTA, 1]],
        );
        await stage.assertBooksBalance();
      };

      test('a code is in the table when it is answered: enabled, with its quota and the time in seconds', async () => {
        const { miner, held } = await stage.winner();
        const { status, code } = await redeem(miner);
        assert.equal(status, 'ok');
        const [row, ...more] = await gateway.codes(code);
        assert.deepEqual(more, []);
        assert.deepEqual([row?.key, row?.status, row?.quota], [code, 1, QUOTA]);
        assert.ok(Math.abs(Number(row?.created_time) - Date.now() / 1000) < 60);
        assert.equal(await stateOf(miner, code), 'delivered');
        await assertBalance(miner, held - AMOUNT, AMOUNT);
      });

      test('gateway down: the miner has its code, which arrives once when the gateway is back', async () => {
        await gateway.server.kill();
        const { miner, code } = await redeemInVain();
        await gateway.server.restart();
        await assertArrives(miner, code);
      });

      test('gateway slow: the answer does not wait for it, and the code arrives once', async () => {
        gateway.server.pause();
        const { miner, code } = await redeemInVain().finally(() => gateway.server.resume());
        await assertArrives(miner, code);
      });

      test('gateway refusing: tried again with the same code until it does not', async () => {
        await gateway.run('rename table redemptions to elsewhere');
        const { miner, code } = await redeemInVain();
        await gateway.run('rename table elsewhere to redemptions');
        await assertArrives(miner, code);
      });

      test('gateway down and the pool killed: started again, it delivers what it owes', async () => {
        await gateway.server.kill();
        const { miner, code, held } = await redeemInVain();
        await stage.restart('kill');
        const again = stage.again(miner);
        await assertBalance(again, held - AMOUNT);
        // It starts and pays without its gateway.
        await stage.winner();
        await gateway.server.restart();
        await assertArrives(again, code);
      });

      test('the outbox is empty in the end, and no log shows the password of the gateway', async () => {
        const { outbox } = await stage.state();
        assert.deepEqual([outbox.reserved, outbox.issued, outbox.failed], [0, 0, 0]);
        assert.ok(outbox.delivered >= 5);
        const { username, password } = new URL(gateway.server.url);
        for (const text of [stage.server.stdout, stage.server.stderr]) {
          assert.equal(text.includes(`${username}:${password}`), false);
        }
      });
    },
    { env: { POOL_REDEEM_MYSQL_URL: gateway.server.url } },
  );
}
