import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import type { PoolWire } from '@blindpost/testbed/wire-pool';
import { assertDelayed } from './answers.js';
import { LASTING, onEveryDatabase } from './stage.js';

/** The track whose proofs are the dearest to verify, so that they pile up. */
const DEAREST = { ...LASTING.env, POOL_TRACK_WEIGHTS: 'ARGON2D_CHAIN=1', COMPUTE_WORKERS: '1' };
const AT_ONCE = 40;

/** Submits as many at once, by these miners in turn; answers what was refused for now. */
async function pile(miners: readonly PoolWire[]): Promise<WireAnswer[]> {
  const rounds = await Promise.all(miners.map((miner) => miner.challenge()));
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, n) => {
      const [miner, round] = [miners[n % miners.length], rounds[n % miners.length]];
      assert.ok(miner !== undefined && round !== undefined);
      return miner.submit(round, randomBytes(16).toString('hex'));
    }),
  );
  const refused = answers.filter(({ status }) => status !== 200);
  for (const each of answers) {
    if (each.status === 200) assert.equal(each.json.status, 'invalid');
    else assertDelayed(each);
  }
  return refused;
}

await onEveryDatabase(
  'verify slots',
  (stage) => {
    const many = (count: number, from: (n: number) => string) =>
      Array.from({ length: count }, (_, n) => stage.miner({ from: from(n) }));

    test('of one token are few, and a burst beyond them is told to come back', async () => {
      const refused = await pile([stage.miner()]);
      assert.ok(refused.length > 0);
      for (const { status } of refused) assert.equal(status, 429);
    });

    test('of one address are as few, however many tokens are behind it', async () => {
      const refused = await pile(many(AT_ONCE, () => '127.0.26.1'));
      assert.ok(refused.length > 0);
      for (const { status } of refused) assert.equal(status, 429);
    });

    test("are not another address's: forty of them are verified, one proof each", async () => {
      assert.deepEqual(await pile(many(AT_ONCE, (n) => `127.0.27.${n}`)), []);
    });
  },
  { env: DEAREST, databases: ['sqlite'] },
);

await onEveryDatabase(
  'a full verifier',
  (stage) => {
    test('refuses with 503 and a time, and forgets what it did not look at', async () => {
      const miner = stage.miner();
      const refused = await pile([miner]);
      assert.ok(refused.length > 0);
      for (const { status } of refused) assert.equal(status, 503);
      assert.equal((await miner.get('/health')).status, 200);

      const round = await miner.challenge();
      const nonce = randomBytes(16).toString('hex');
      const answers: WireAnswer[] = [];
      // The same nonce until it was looked at: refused for now is not tried.
      while (answers.at(-1)?.status !== 200) {
        const [answer] = await Promise.all([miner.submit(round, nonce), pile([stage.miner()])]);
        answers.push(answer);
        assert.ok([200, 503].includes(answer.status), String(answer));
      }
      assert.equal(answers.at(-1)?.json.status, 'invalid');
      const { verifier } = await stage.state();
      assert.ok(verifier.refused > 0);
    });
  },
  { env: { ...DEAREST, POOL_LIMIT_VERIFY: '0', COMPUTE_LIMIT_QUEUE: '2' }, databases: ['sqlite'] },
);
