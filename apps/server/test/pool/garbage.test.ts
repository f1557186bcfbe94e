import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { isRecord } from '@blindpost/testbed/wire-http';
import { minerToken, type PoolWire } from '@blindpost/testbed/wire-pool';
import { missHash } from '@blindpost/testbed/wire-pool-work';
import { assertDelayed, assertWin } from './answers.js';
import { onEveryDatabase, SCALE, type Stage } from './stage.js';
import { solved, win } from './work.js';

const FLOODERS = 40;
const WINS = Math.max(3, Math.round(20 * SCALE));

/** Submits garbage without a pause until `done`; each answer is a refusal, for good or for now, or `invalid`. */
async function flood(stage: Stage, from: string, done: () => boolean): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  const flooder = stage.miner({ from });
  let round = { track: 'CPU_HASH', round_id: 'none yet' };
  let nonce = () => randomBytes(16).toString('hex');
  while (!done()) {
    const asked = await flooder.get('/challenge');
    const { track, round_id, params } = asked.json;
    if (typeof track === 'string' && typeof round_id === 'string' && isRecord(params)) {
      round = { track, round_id };
      // Never a win by luck.
      nonce = () => missHash(params);
    }
    const answers = await Promise.all(Array.from({ length: 8 }, () => flooder.submit(round, nonce())));
    for (const answer of [asked, ...answers]) {
      counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
      if (answer.status === 429 || answer.status === 503) assertDelayed(answer);
      else if (answer.status === 200)
        assert.ok(['invalid', 'too_late', undefined].includes(statusOf(answer.json)));
      else assert.ok(answer.status >= 400 && answer.status < 500, String(answer));
    }
  }
  return counts;
}

function statusOf(json: Record<string, unknown>): string | undefined {
  return typeof json.status === 'string' ? json.status : undefined;
}

/** With the limits as they are by default. */
const LIMITS = {
  POOL_LIMIT_REQUESTS: undefined,
  POOL_LIMIT_STRIKES: undefined,
};

await onEveryDatabase(
  'garbage',
  (stage) => {
    test(`${FLOODERS} miners submit garbage as fast as they can: an honest one still wins, health answers`, async () => {
      let done = false;
      const floods = Array.from({ length: FLOODERS }, (_, n) => flood(stage, `127.0.20.${n}`, () => done));
      const honest = stage.miner({ from: '127.0.21.1' });
      try {
        for (let won = 0; won < WINS; won += 1) {
          const { round, nonce } = await solved(honest);
          let answer = await honest.submit(round, nonce);
          // A full verifier is a refusal for now: told when to come back, the miner does.
          while (answer.status === 503) {
            assertDelayed(answer);
            await new Promise((resolve) => setTimeout(resolve, 100));
            answer = await honest.submit(round, nonce);
          }
          assertWin(answer);
          assert.equal((await honest.get('/health')).status, 200);
        }
      } finally {
        done = true;
      }
      const counts = await Promise.all(floods);
      assert.ok(
        counts.some((each) => (each.get(429) ?? 0) > 0),
        'garbage is slowed down',
      );
      await stage.assertBooksBalance();
    });
  },
  { env: { ...LIMITS, POOL_LIMIT_REQUESTS: '0' }, databases: ['sqlite'] },
);

await onEveryDatabase(
  'strikes',
  (stage) => {
    const strike = async (miner: PoolWire, tries: number) => {
      const round = await miner.challenge();
      for (let n = 0; n < tries; n += 1) {
        const answer = await miner.submit(round, missHash(round.params));
        if (answer.status !== 200) return answer;
        assert.equal(answer.json.status, 'invalid');
      }
      return null;
    };

    test('invalid proofs are answered with a pause, told in Retry-After; others do not pay for it', async () => {
      const guilty = stage.miner({ from: '127.0.22.1' });
      const refused = await strike(guilty, 200);
      assert.ok(refused !== null, 'after 200 invalid proofs at the latest');
      assert.equal(refused.status, 429);
      assertDelayed(refused);
      await win(stage.miner({ from: '127.0.22.2' }));
    });

    test('a fresh token does not get an address out of its pause: tokens are free', async () => {
      let refused = null;
      for (let n = 0; n < 200 && refused === null; n += 1) {
        refused = await strike(stage.miner({ from: '127.0.22.3' }), 1);
      }
      assert.ok(refused !== null, 'after 200 tokens with one invalid proof each');
      assertDelayed(refused);
      await win(stage.miner({ from: '127.0.22.4' }));
    });

    test('a token does not get out of its pause by another address', async () => {
      const token = minerToken();
      let refused = null;
      for (let n = 1; n < 200 && refused === null; n += 1) {
        refused = await strike(stage.client({ token, from: `127.0.23.${n}` }), 1);
      }
      assert.ok(refused !== null, 'after 200 invalid proofs from as many addresses');
      assertDelayed(refused);
    });
  },
  { env: { ...LIMITS, POOL_LIMIT_REQUESTS: '0' }, databases: ['sqlite'] },
);

await onEveryDatabase(
  'limit of requests',
  (stage) => {
    test('beyond it an address is told when to come back, with any token; others are not', async () => {
      const from = '127.0.24.1';
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => stage.miner({ from }).get('/balance')),
      );
      const refused = answers.filter(({ status }) => status !== 200);
      assert.ok(refused.length >= 10 && refused.length <= 20, `${refused.length} refused`);
      for (const each of refused) assertDelayed(each);
      assert.equal((await stage.miner({ from: '127.0.24.2' }).get('/balance')).status, 200);
    });
  },
  { env: { POOL_LIMIT_REQUESTS: '20' }, databases: ['sqlite'] },
);

await onEveryDatabase(
  'limit of locks per address',
  (stage) => {
    test('beyond it new miners of that address wait; those that have a lock and other addresses do not', async () => {
      const from = '127.0.25.1';
      const miners = Array.from({ length: 5 }, () => stage.miner({ from }));
      for (const miner of miners) await miner.challenge();
      assertDelayed(await stage.miner({ from }).get('/challenge'));
      const [first] = miners;
      assert.ok(first !== undefined);
      await first.challenge();
      await stage.miner({ from: '127.0.25.2' }).challenge();
      // Locks go with their round, so a solved round makes room.
      await win(first);
      await stage.miner({ from }).challenge();
    });
  },
  { env: { POOL_LIMIT_LOCKS_PER_ADDRESS: '5' } },
);
