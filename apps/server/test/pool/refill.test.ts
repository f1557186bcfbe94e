import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertBalance } from './answers.js';
import { onEveryDatabase, type Stage } from './stage.js';
import { win } from './work.js';

const PER_MS = 1_000;

/** The pool's balance, and the milliseconds between which it was looked at. */
interface Look {
  earliest: number;
  latest: number;
  balance: number;
}

async function look(stage: Stage): Promise<Look> {
  const earliest = Date.now();
  const { balance_micro } = (await stage.state()).pool;
  return { earliest, latest: Date.now(), balance: balance_micro };
}

/** What flowed in between two looks is what the clock says, but for the moments of looking. */
function assertFlowed(before: Look, after: Look, taken = 0): void {
  const flowed = after.balance + taken - before.balance;
  const least = (after.earliest - before.latest) * PER_MS - 1;
  const most = (after.latest - before.earliest) * PER_MS + 1;
  assert.ok(flowed >= least && flowed <= most, `${least} ≤ ${flowed} ≤ ${most}`);
}

await onEveryDatabase(
  'refill',
  (stage) => {
    test('follows the clock, through wins, a kill and a stop: nothing twice, nothing lost', async () => {
      const first = await look(stage);
      const miner = stage.miner();
      let paid = 0;
      for (let won = 0; won < 2; won += 1) paid += (await win(miner)).payout;
      const second = await look(stage);
      assertFlowed(first, second, paid);
      await assertBalance(miner, paid);
      for (const how of ['kill', 'stop'] as const) {
        const before = await look(stage);
        await stage.restart(how);
        assertFlowed(before, await look(stage));
      }
      assertFlowed(first, await look(stage), paid);
      await stage.assertBooksBalance();
    });
  },
  { env: { POOL_REFILL_MICRO_PER_SECOND: String(PER_MS * 1_000), POOL_REFILL_CAP_MICRO: '1000000000000' } },
);

await onEveryDatabase(
  'refill up to a cap',
  (stage) => {
    test('ends there, however long nobody wins', async () => {
      const { miner, held } = await stage.winner();
      // A tenth of 1,000, and the pool is full again within a millisecond.
      assert.equal(held, 100);
      assert.equal((await look(stage)).balance, 1_000);
      await stage.restart('kill');
      assert.equal((await look(stage)).balance, 1_000);
      await win(stage.again(miner));
      await assertBalance(stage.again(miner), 200);
    });
  },
  { env: { POOL_REFILL_CAP_MICRO: '1000' }, databases: ['sqlite'] },
);
