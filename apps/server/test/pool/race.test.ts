import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertBalance, assertWin } from './answers.js';
import { onEveryDatabase, SCALE } from './stage.js';
import { solved } from './work.js';

const RACERS = Math.max(50, Math.round(1_000 * SCALE));

await onEveryDatabase(
  'racing submits',
  (stage) => {
    test(`${RACERS} racing valid submits give one win, the rest too_late`, async () => {
      const miners = Array.from({ length: RACERS }, () => stage.miner());
      const { round, nonce } = await solved(...miners);
      const before = await stage.state();
      const answers = await Promise.all(miners.map((miner) => miner.submit(round, nonce)));
      const [won, ...more] = answers.filter(({ json }) => json.status === 'win');
      assert.ok(won !== undefined);
      assert.deepEqual(more, []);
      const { payout_micro } = assertWin(won);
      const late = answers.filter(({ json }) => json.status === 'too_late');
      assert.equal(late.length, RACERS - 1, answers.join('\n'));
      const balances = await Promise.all(miners.map((miner) => miner.balance()));
      assert.equal(
        balances.reduce((sum, each) => sum + each, 0),
        payout_micro,
      );
      const after = await stage.state();
      assert.equal(
        (after.ledger.accounts.miner ?? 0) - (before.ledger.accounts.miner ?? 0),
        payout_micro,
        'what all miners hold grew by one payout',
      );
      await stage.assertBooksBalance();
    });

    test("one miner's parallel submits of one winning nonce are one win, paid once", async () => {
      const miner = stage.miner();
      const { round, nonce } = await solved(miner);
      const answers = await Promise.all(Array.from({ length: 50 }, () => miner.submit(round, nonce)));
      const [first] = answers;
      assert.ok(first !== undefined);
      const { payout_micro } = assertWin(first);
      for (const answer of answers) assert.deepEqual(answer.json, first.json);
      await assertBalance(miner, payout_micro);
    });
  },
  {
    env: {
      POOL_LIMIT_VERIFY: '0',
      POOL_LIMIT_LOCKS_PER_ADDRESS: '100000',
      COMPUTE_LIMIT_QUEUE: String(RACERS + 50),
    },
  },
);
