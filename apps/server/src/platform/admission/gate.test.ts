import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Puzzle, solve, verify } from '@blindpost/pow/hashcash';
import type { Challenge, ChallengeQuery, ChallengeType, PowUnit } from '@blindpost/protocol/relay';
import { ManualClock } from '../clock.manual.js';
import { systemRandom } from '../random.js';
import { MemoryVolatile } from '../volatile/memory.js';
import { Gate } from './gate.js';

const ALICE = 'a'.repeat(64);
const BOB = 'b'.repeat(64);

/** A door with cheap work, and what a client does in front of it. */
class Bench {
  readonly clock = new ManualClock();
  lag = 0;
  readonly gate: Gate;

  constructor(unit: PowUnit = 'bits', maxSeeds = 1_000) {
    const base = unit === 'bits' ? 4 : 1;
    const volatile = new MemoryVolatile(this.clock, { maxSeeds });
    this.gate = new Gate(volatile, this.clock, systemRandom, () => this.lag, { unit, base });
  }

  async issue(query: ChallengeQuery = {}): Promise<Challenge> {
    const challenge = await this.gate.issue(query);
    assert.ok('seed' in challenge);
    return challenge;
  }

  /** Pays with this challenge, solved as it was quoted. Answers the refusal's code. */
  async pay(
    challenge: Challenge,
    type: ChallengeType = 'upload',
    more: Payment = {},
  ): Promise<string | null> {
    const { context = '', nickname, identity } = more;
    const nonce = more.nonce ?? (await solve({ ...challenge, context })).nonce;
    const refusal = await this.gate.pay({
      seed: challenge.seed,
      nonce,
      purpose: { type, nickname },
      context,
      ...(identity === undefined ? {} : { identity }),
    });
    return refusal?.code ?? null;
  }

  async register(times: number): Promise<void> {
    for (let time = 0; time < times; time++) await this.gate.registered();
  }
}
type Payment = { context?: string; nickname?: string; identity?: string; nonce?: string };

/** A nonce that solves one puzzle and, though work is cheap here, not by chance the other too. */
async function solving(puzzle: Puzzle, other: Puzzle): Promise<string> {
  for (;;) {
    const { nonce } = await solve(puzzle);
    if (!verify(other, nonce)) return nonce;
  }
}

test('a challenge is a fresh seed of 64 hex, its difficulty, unit and expiry in 60 s', async () => {
  const bench = new Bench();
  const one = await bench.issue();
  const expected = { seed: one.seed, difficulty: 4, unit: 'bits', expires_at_ms: bench.clock.now() + 60_000 };
  assert.deepEqual(one, expected);
  assert.match(one.seed, /^[0-9a-f]{64}$/);
  assert.notEqual((await bench.issue()).seed, one.seed);
});

test('done work passes, in bits and in hex digits', async () => {
  for (const unit of ['bits', 'hex'] as const) {
    const bench = new Bench(unit);
    assert.equal(await bench.pay(await bench.issue({ type: 'auth' }), 'auth', { context: ALICE }), null);
  }
});

test('a seed is spent once', async () => {
  const bench = new Bench();
  const challenge = await bench.issue();
  assert.equal(await bench.pay(challenge), null);
  assert.equal(await bench.pay(challenge), 'ERR_EXPIRED');
});

test('of 100 who spend one seed at once, one passes', async () => {
  const bench = new Bench();
  const challenge = await bench.issue();
  const { nonce } = await solve({ ...challenge, context: '' });
  const codes = await Promise.all(
    Array.from({ length: 100 }, () => bench.pay(challenge, 'upload', { nonce })),
  );
  assert.equal(codes.filter((code) => code === null).length, 1);
  assert.equal(codes.filter((code) => code === 'ERR_EXPIRED').length, 99);
});

test('a wrong nonce spends the seed: nobody tries twice for one challenge', async () => {
  const bench = new Bench();
  for (const nonce of ['x', '', '1'.repeat(33)]) {
    const challenge = await bench.issue();
    assert.equal(await bench.pay(challenge, 'upload', { nonce }), 'ERR_POW_INVALID', nonce);
    assert.equal(await bench.pay(challenge), 'ERR_EXPIRED');
  }
});

test('work done for one context is worth nothing for another', async () => {
  const bench = new Bench();
  const challenge = await bench.issue();
  const nonce = await solving({ ...challenge, context: ALICE }, { ...challenge, context: BOB });
  assert.equal(await bench.pay(challenge, 'upload', { context: BOB, nonce }), 'ERR_POW_INVALID');
});

test('an unknown seed is expired, and no seed or no nonce is invalid work', async () => {
  const bench = new Bench();
  const unknown = { ...(await bench.issue()), seed: '0'.repeat(64) };
  assert.equal(await bench.pay(unknown), 'ERR_EXPIRED');
  const purpose = { type: 'upload' } as const;
  const none = { purpose, context: '', seed: undefined, nonce: undefined };
  const refusals = [await bench.gate.pay(none), await bench.gate.pay({ ...none, seed: unknown.seed })];
  assert.deepEqual(
    refusals.map((refusal) => [refusal?.code, refusal?.details.field]),
    [
      ['ERR_POW_INVALID', 'seed'],
      ['ERR_POW_INVALID', 'nonce'],
    ],
  );
});

test('a seed lives for 60 s and not a millisecond longer', async () => {
  const bench = new Bench();
  const [used, late] = [await bench.issue(), await bench.issue()];
  bench.clock.advance(59_999);
  assert.equal(await bench.pay(used), null);
  bench.clock.advance(1);
  assert.equal(await bench.pay(late), 'ERR_EXPIRED');
});

test('a seed quoted for less does not pay for more, even with more work than was quoted', async () => {
  const bench = new Bench();
  const nickname = { nickname: 'abc' };
  const cheap = await bench.issue({ type: 'upload' });
  const { nonce } = await solve({ ...cheap, difficulty: 12, context: '' });
  assert.equal(await bench.pay(cheap, 'registration', { ...nickname, nonce }), 'ERR_POW_INVALID');
  const longName = await bench.issue({ type: 'registration', nickname: 'abcdefgh' });
  assert.equal(await bench.pay(longName, 'registration', nickname), 'ERR_POW_INVALID');
});

test('a seed quoted for more pays for less', async () => {
  const bench = new Bench();
  const dear = await bench.issue({ type: 'registration', nickname: 'abc' });
  assert.equal(dear.difficulty, 10);
  assert.equal(await bench.pay(dear, 'upload'), null);
});

test('a seed for a nickname pays the price of that nickname', async () => {
  const bench = new Bench();
  const nickname = { nickname: 'abc' };
  const challenge = await bench.issue({ type: 'registration', ...nickname });
  assert.equal(await bench.pay(challenge, 'registration', nickname), null);
});

test('a seed of one identity is not another’s, and one of nobody’s is anybody’s', async () => {
  const bench = new Bench();
  const asked = { type: 'auth', identity_hash: ALICE } as const;
  assert.equal(await bench.pay(await bench.issue(asked), 'auth', { identity: ALICE }), null);
  assert.equal(await bench.pay(await bench.issue(asked), 'auth', { identity: BOB }), 'ERR_POW_INVALID');
  assert.equal(await bench.pay(await bench.issue({ type: 'auth' }), 'auth', { identity: BOB }), null);
});

test('a decoy seed serves decoys only, though decoys cost more here than anything else', async () => {
  const bench = new Bench();
  const decoy = { type: 'decoy' } as const;
  assert.equal((await bench.issue(decoy)).difficulty, 8);
  assert.equal(await bench.pay(await bench.issue(decoy), 'decoy'), null);
  for (const type of ['upload', 'auth', 'registration', 'burn', 'alias', 'relay', 'account'] as const)
    assert.equal(await bench.pay(await bench.issue(decoy), type), 'ERR_POW_INVALID', type);
});

test('registrations raise the price: 2 bits over 30 in 5 minutes, 4 over 100, and it falls again', async () => {
  const bench = new Bench();
  await bench.register(30);
  assert.equal((await bench.issue()).difficulty, 4);
  await bench.register(1);
  assert.equal((await bench.issue()).difficulty, 6);
  await bench.register(70);
  assert.equal((await bench.issue()).difficulty, 8);
  // Windows are counted in tenths, never too short.
  bench.clock.advance(330_000);
  assert.equal((await bench.issue()).difficulty, 4);
});

test('a lagging event loop raises the price by 2 bits', async () => {
  const bench = new Bench();
  bench.lag = 101;
  assert.equal((await bench.issue()).difficulty, 6);
});

test('load rising after the seed was issued fails no solution', async () => {
  const bench = new Bench();
  const [plain, named] = [
    await bench.issue(),
    await bench.issue({ type: 'registration', nickname: 'abcde' }),
  ];
  await bench.register(101);
  bench.lag = 1_000;
  assert.equal((await bench.issue()).difficulty, 10);
  assert.equal(await bench.pay(plain), null);
  assert.equal(await bench.pay(named, 'registration', { nickname: 'abcde' }), null);
});

test('load falling after the seed was issued does not make it cheaper', async () => {
  const bench = new Bench();
  bench.lag = 1_000;
  const challenge = await bench.issue();
  bench.lag = 0;
  const nonce = await solving({ ...challenge, difficulty: 4, context: '' }, { ...challenge, context: '' });
  assert.equal(await bench.pay(challenge, 'upload', { nonce }), 'ERR_POW_INVALID');
});

test('beyond the bound of open seeds no further one is issued, and the answer says when to come back', async () => {
  const bench = new Bench('bits', 2);
  const first = await bench.issue();
  await bench.issue();
  const refused = await bench.gate.issue({});
  assert.ok('code' in refused);
  assert.equal(refused.code, 'ERR_UNAVAILABLE');
  assert.ok((refused.details.retryAfter ?? 0) > 0);
  assert.equal(await bench.pay(first), null);
  await bench.issue();
});
