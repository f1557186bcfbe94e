import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PoolWire } from '@blindpost/testbed/wire-pool';
import { missHash } from '@blindpost/testbed/wire-pool-work';
import { assertRefused } from './answers.js';
import { onEveryDatabase } from './stage.js';
import { win } from './work.js';

const shown = (secret: string) => ({ 'x-pow-secret': secret });

/** A server whose clock is eleven minutes behind, as one that made a secret eleven minutes ago. */
const ELEVEN_MINUTES_AGO =
  '--import=data:text/javascript,const%20now=Date.now;Date.now=()=>now.call(Date)-660000';

await onEveryDatabase(
  'secret required',
  (stage) => {
    const assertSecretNeeded = async (miner: PoolWire, secrets: readonly (string | undefined)[]) => {
      const round = await miner.challenge();
      const nonce = missHash(round.params);
      for (const secret of secrets) {
        const answer = await miner.submit(round, nonce, secret === undefined ? {} : shown(secret));
        assertRefused(answer, 401, 'bad_secret');
      }
    };

    test("the miner's own is good for as many submits as it makes", async () => {
      for (const miner of [stage.miner(), stage.client({ from: '127.0.6.1' })]) {
        const { secret } = await miner.attend();
        const round = await miner.challenge();
        for (let n = 0; n < 3; n += 1) {
          const miss = await miner.submit(round, missHash(round.params), shown(secret));
          assert.equal(miss.json.status, 'invalid', String(miss));
        }
        await win(miner, shown(secret));
      }
    });

    test('none, half of one, another character or a later expiry is a bad secret', async () => {
      const miner = stage.miner();
      const { secret } = await miner.attend();
      const flip = (at: number) =>
        secret.slice(0, at) + (secret[at] === '0' ? '1' : '0') + secret.slice(at + 1);
      const expiry = Number.parseInt(secret.slice(0, 16), 16);
      const later = (expiry + 600_000).toString(16).padStart(16, '0') + secret.slice(16);
      const bad = [undefined, '', 'x', secret.slice(1), `${secret}0`, flip(0), flip(15), flip(16), flip(63)];
      await assertSecretNeeded(miner, [...bad, later, '0'.repeat(64), 'f'.repeat(64)]);
      await win(miner, shown(secret));
    });

    test("another miner's, or the address's for a token behind it, is a bad secret", async () => {
      const from = '127.0.6.2';
      const others = [stage.miner({ from }), stage.client({ from }), stage.client({ from: '127.0.6.3' })];
      const secrets = await Promise.all(others.map(async (other) => (await other.attend()).secret));
      await assertSecretNeeded(stage.miner({ from }), secrets);
    });

    test('shape is looked at before the secret, the secret before the round', async () => {
      const miner = stage.miner();
      const round = await miner.challenge();
      assertRefused(await miner.submit(round, 'n'.repeat(129)), 400, 'invalid_request', 'proof.nonce');
      assertRefused(await miner.submit({ ...round, round_id: 'nope' }, 'x'), 401, 'bad_secret');
    });

    test('a secret is good after a kill and a start', async () => {
      const miner = stage.miner();
      const { secret } = await miner.attend();
      await stage.restart('kill');
      await win(stage.again(miner), shown(secret));
    });

    test('one of eleven minutes ago has expired', async () => {
      const miner = stage.miner();
      const past = await stage.another({ NODE_OPTIONS: ELEVEN_MINUTES_AGO });
      const socket = await stage.client({}, past.url).open();
      socket.send({ type: 'auth', token: miner.options.token });
      const { secret, expires_at_ms } = await socket.next('secret');
      assert.ok(Number(expires_at_ms) < Date.now());
      await assertSecretNeeded(miner, [String(secret)]);
    });
  },
  { env: { POOL_REQUIRE_SECRET: 'true' } },
);

await onEveryDatabase(
  'secret not required',
  (stage) => {
    test('none is asked for and none is looked at', async () => {
      const miner = stage.miner();
      await win(miner);
      await win(miner, shown('whatever'));
    });
  },
  { databases: ['sqlite'] },
);
