import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Challenge } from '@blindpost/protocol/relay';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { solve } from '@blindpost/testbed/wire-pow';
import { assertOk, assertRefused } from './answers.js';
import { eventually, onEveryStore, type Stage } from './stage.js';

const TYPES = ['registration', 'upload', 'decoy', 'auth', 'burn', 'alias', 'relay', 'account'];

/** Quotes are compared at one load: a lagging event loop adds to all of them alike. */
async function surcharge(stage: Stage, query: string): Promise<number> {
  for (;;) {
    const before = await stage.wire.challenge();
    const asked = assertOk(await stage.wire.get(`/pow/challenge?${query}`), Challenge);
    const after = await stage.wire.challenge();
    if (before.difficulty === after.difficulty) return asked.difficulty - before.difficulty;
  }
}

await onEveryStore('challenge', (stage) => {
  for (const type of TYPES) {
    test(`${type}: a seed of 64 hex digits, its price, and its end in 60 s`, async () => {
      const before = Date.now();
      const answer = await stage.wire.get(`/pow/challenge?type=${type}&identity_hash=${makeIdentity().hash}`);
      const challenge = assertOk(answer, Challenge);
      assert.deepEqual(Object.keys(challenge).sort(), ['difficulty', 'expires_at_ms', 'seed', 'unit']);
      assert.equal(challenge.unit, 'bits');
      assert.ok(challenge.expires_at_ms >= before + 60_000 && challenge.expires_at_ms <= Date.now() + 60_000);
    });
  }

  test('every seed is new', async () => {
    const seeds = await Promise.all(Array.from({ length: 200 }, () => stage.wire.challenge()));
    assert.equal(new Set(seeds.map(({ seed }) => seed)).size, 200);
  });

  test('no type is the type upload, and an empty query is fine', async () => {
    const identity = makeIdentity();
    const puzzle = await stage.wire.challenge();
    assert.equal(await surcharge(stage, 'type=upload'), 0);
    assert.equal(await surcharge(stage, `type=upload&identity_hash=${identity.hash}`), 0);
    assert.match(puzzle.seed, /^[0-9a-f]{64}$/);
  });

  test('unknown types, hashes that are none and names out of bounds are malformed', async () => {
    const cases: [string, string][] = [
      ['type=mining', 'type'],
      ['type=', 'type'],
      ['identity_hash=abc', 'identity_hash'],
      [`identity_hash=${'A'.repeat(64)}`, 'identity_hash'],
      ['nickname=ab', 'nickname'],
      [`nickname=${'a'.repeat(33)}`, 'nickname'],
      ['nickname=a%20b', 'nickname'],
    ];
    for (const [query, field] of cases) {
      assertRefused(await stage.wire.get(`/pow/challenge?${query}`), 400, 'ERR_MALFORMED', field);
    }
    assertRefused(await stage.wire.get('/pow/challenge?type=auth&type=burn'), 400, 'ERR_MALFORMED', 'type');
  });

  test('short nicknames cost more: up to 5 letters 6 bits, up to 7 four, up to 9 two', async () => {
    const expected: [number, number][] = [
      [3, 6],
      [5, 6],
      [6, 4],
      [7, 4],
      [8, 2],
      [9, 2],
      [10, 0],
      [32, 0],
    ];
    for (const [length, bits] of expected) {
      assert.equal(
        await surcharge(stage, `type=registration&nickname=${'n'.repeat(length)}`),
        bits,
        `${length}`,
      );
    }
  });

  test('decoys cost 8 bits, not the base', async () => {
    await eventually('8 bits for a decoy', async () => {
      return (await stage.wire.challenge({ type: 'decoy' })).difficulty === 8;
    });
  });
});

await onEveryStore(
  'price under load',
  (stage) => {
    const register = async (count: number): Promise<void> => {
      await Promise.all(
        Array.from({ length: count }, async () => {
          const identity = makeIdentity();
          assert.equal((await stage.wire.upload(identity)).status, 200);
          assert.equal(
            (await stage.wire.claimNickname(identity, `n${identity.hash.slice(0, 20)}`)).status,
            200,
          );
        }),
      );
    };
    const rises = (to: number) =>
      eventually(`${to} bits`, async () => (await stage.wire.challenge()).difficulty === to);

    test('over 30 registrations in 5 minutes add 2 bits, over 100 add 4, and nothing passes base + 8', async () => {
      await rises(4);
      const identity = makeIdentity();
      const quoted = await stage.wire.challenge({ type: 'registration', nickname: 'quoted-before' });
      await register(31);
      await rises(6);
      await register(70);
      await rises(8);
      const short = await stage.wire.challenge({ type: 'registration', nickname: 'abc' });
      assert.equal(short.difficulty, 12, '4 + 6 + 4 is capped at base + 8');

      // Load rising meanwhile never fails a valid solution.
      const claim = { nickname: 'quoted-before', identity_hash: identity.hash };
      const headers = { 'x-pow-seed': quoted.seed, 'x-pow-nonce': solve(quoted, claim.nickname) };
      assert.equal((await stage.wire.post('/nickname/register', claim, headers)).status, 200);
    });
  },
  // What others register would raise the price as well.
  { concurrency: 1, own: true },
);

await onEveryStore(
  'challenge in hex digits',
  (stage) => {
    const difficulty = async (query: string): Promise<number> => {
      const challenge = assertOk(await stage.wire.get(`/pow/challenge?${query}`), Challenge);
      assert.equal(challenge.unit, 'hex');
      return challenge.difficulty;
    };

    test('prices: base, nicknames 3, 2 and 1 more, decoys 2', async () => {
      await eventually('a base of one digit', async () => (await difficulty('')) === 1);
      assert.equal(await difficulty('type=registration&nickname=abcde'), 4);
      assert.equal(await difficulty('type=registration&nickname=abcdefg'), 3);
      assert.equal(await difficulty('type=registration&nickname=abcdefghi'), 2);
      assert.equal(await difficulty('type=registration&nickname=abcdefghij'), 1);
      assert.equal(await difficulty('type=decoy'), 2);
    });

    test('work in hex digits is taken, and a digit too few is not', async () => {
      const identity = makeIdentity();
      await stage.wire.login(identity, { by: 'work' });
      assert.equal((await stage.wire.claimNickname(identity, 'abcdefg')).status, 200);
      const puzzle = await stage.wire.challenge({ type: 'registration', nickname: 'abcdefh' });
      const cheap = { ...puzzle, difficulty: puzzle.difficulty - 1 };
      let nonce = solve(cheap, 'abcdefh');
      while (solve(puzzle, 'abcdefh', { from: BigInt(nonce) }) === nonce) nonce = solve(cheap, 'abcdefh');
      const answer: WireAnswer = await stage.wire.post(
        '/nickname/register',
        { nickname: 'abcdefh', identity_hash: makeIdentity().hash },
        { 'x-pow-seed': puzzle.seed, 'x-pow-nonce': nonce },
      );
      assertRefused(answer, 401, 'ERR_POW_INVALID');
    });
  },
  { env: { RELAY_POW_UNIT: 'hex', RELAY_POW_DIFFICULTY: '1' }, stores: ['memory'] },
);

await onEveryStore(
  'default price',
  (stage) => {
    test('20 bits, as the document says', async () => {
      await eventually('20 bits', async () => (await stage.wire.challenge()).difficulty === 20);
    });
  },
  { env: { RELAY_POW_DIFFICULTY: undefined }, stores: ['memory'] },
);

await onEveryStore(
  'default price in hex digits',
  (stage) => {
    test('4 digits, as the original has it', async () => {
      await eventually('4 digits', async () => (await stage.wire.challenge()).difficulty === 4);
    });
  },
  { env: { RELAY_POW_DIFFICULTY: undefined, RELAY_POW_UNIT: 'hex' }, stores: ['memory'] },
);
