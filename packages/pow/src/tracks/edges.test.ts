import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SMALL_PARAMS } from './small.fixture.js';
import { TRACK_TABLE } from './table.js';
import { TRACKS, type TrackName, type Verdict } from './track.js';
import { judge } from './verdict.js';
import { Verifier } from './verifier.js';
import { type VerifyOptions, verify } from './verify.js';

const PATHS = ['reference', 'scalar', 'simd'] as const;
const EXTREMES = [
  ...[-1, -0, 0, 0.5, 2.9, Number.NaN, Number.POSITIVE_INFINITY, 1e300, Number.MIN_VALUE],
  ...[255, 256, 257, 1023, 65_537, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53],
  ...['', '1', 'abc', 'zz', 'é', '\ud800', null, undefined, true, [], {}, [1]],
];
const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(...EXTREMES));

/** Parameters of which a few members are something else, or missing. */
function spoiled(track: TrackName): fc.Arbitrary<Record<string, unknown>> {
  return SMALL_PARAMS[track].chain((params) => {
    const names = fc.subarray(Object.keys(params), { minLength: 1, maxLength: 2 });
    return fc.tuple(names, fc.array(anything, { minLength: 2, maxLength: 2 })).map(([members, values]) => {
      const changed: Record<string, unknown> = { ...params };
      for (const [i, member] of members.entries()) changed[member] = values[i];
      return changed;
    });
  });
}

/** Whether so much work is allowed that a test cannot wait for it. */
function isLong(params: unknown): boolean {
  const { steps = 0, memWords = 0, memBlocks = 0, lanes = 0, laneSize = 0 } = Object(params);
  return steps > 5000 || memWords > 2 ** 16 || memBlocks > 2048 || Math.imul(lanes, laneSize) >>> 0 > 2 ** 20;
}

function assertVerdict(verdict: Verdict): void {
  if (verdict.code === 0 || verdict.code === 1) {
    assert.match(String(verdict.digest), /^[0-9a-f]{64}$/);
    assert.ok(Number(verdict.maxBits) >= 0 && Number(verdict.maxBits) <= 256);
    return;
  }
  assert.ok(verdict.code === 'invalid_params' || (verdict.code >= 2 && verdict.code <= 7), `${verdict.code}`);
  assert.ok('field' in verdict && verdict.field.length > 0);
  assert.deepEqual([verdict.digest, verdict.maxBits], [null, null]);
}

for (const track of TRACKS) {
  test(`${track}: any JSON as parameters gets a verdict, the same by every path`, async () => {
    const verifier = new Verifier();
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, spoiled(track)), fc.string(), async (params, nonce) => {
        const read = TRACK_TABLE[track].read(params);
        if (read.ok && isLong(read.params)) return;
        const verdict = await verifier.verify(track, params, nonce);
        assertVerdict(verdict);
        for (const build of PATHS) assert.deepEqual(await verify(track, params, nonce, { build }), verdict);
      }),
    );
  });

  test(`${track}: every member is wanted, its own, and of its kind`, async () => {
    const [params = {}]: Record<string, unknown>[] = fc
      .sample(SMALL_PARAMS[track], { numRuns: 200, seed: 1 })
      .filter((sample) => TRACK_TABLE[track].read(sample).ok);
    const wrong = { ok: false, code: 'invalid_params' };
    for (const [field, value] of Object.entries(params)) {
      const { [field]: _, ...without } = params;
      const others = typeof value === 'string' ? [0, null, ['']] : ['0', -1, 0.5, 2 ** 32, null];
      for (const spoilt of [without, ...others.map((other) => ({ ...params, [field]: other }))]) {
        assert.deepEqual(TRACK_TABLE[track].read(spoilt), { ...wrong, field }, `${field}`);
      }
    }
    assert.equal(TRACK_TABLE[track].read(Object.create(params)).ok, false);
    assert.deepEqual(TRACK_TABLE[track].read({ ...params, more: 1 }), TRACK_TABLE[track].read(params));
  });
}

describe('the win rule', () => {
  const CPU_HASH = { challenge: 'alice', bits: 0 };

  test('no bits always win, and more than 256 lose', async () => {
    const { maxBits } = await verify('CPU_HASH', CPU_HASH, 'nonce');
    for (const build of PATHS) {
      const code = async (bits: number) =>
        (await verify('CPU_HASH', { ...CPU_HASH, bits }, 'nonce', { build })).code;
      assert.equal(await code(0), 1);
      assert.equal(await code(Number(maxBits)), 1);
      for (const bits of [Number(maxBits) + 1, 257, 2 ** 32 - 1]) assert.equal(await code(bits), 0);
    }
  });

  test('a digest of zeros has 256 bits', () => {
    const digest = new Uint8Array(32);
    assert.deepEqual(judge(digest, 256), { code: 1, digest: '0'.repeat(64), maxBits: 256 });
    assert.equal(judge(digest, 257).code, 0);
  });
});

describe('text', () => {
  const digestOf = async (challenge: string, nonce: string, build: VerifyOptions['build'] = 'scalar') =>
    verify('CPU_HASH', { challenge, bits: 0 }, nonce, { build });

  test('a nonce may be empty, long, or half of a pair, and wins or loses by the same digest', async () => {
    for (const nonce of ['', '\0', '\ud800', 'é'.repeat(50_000)]) {
      const { digest } = await digestOf('alice', nonce, 'reference');
      for (const build of PATHS) assert.equal((await digestOf('alice', nonce, build)).digest, digest);
    }
  });

  test('a challenge has 64 KiB of UTF-8 at most', async () => {
    assert.equal((await digestOf('a'.repeat(65_536), '')).code, 1);
    assert.equal((await digestOf('é'.repeat(32_768), '')).code, 1);
    assert.equal((await digestOf('a'.repeat(65_537), '')).code, 'invalid_params');
    assert.equal((await digestOf('é'.repeat(32_769), '')).code, 'invalid_params');
  });

  test('the first hash is right wherever prefix, nonce and block end', async () => {
    for (let prefix = 0; prefix <= 130; prefix++) {
      const params = { challenge: 'c'.repeat(prefix), bits: 0 };
      const read = TRACK_TABLE.CPU_HASH.read(params);
      assert.ok(read.ok);
      for (const build of ['scalar', 'simd'] as const) {
        const engine = await TRACK_TABLE.CPU_HASH.open(read.params, build);
        for (let length = 0; length <= 130; length++) {
          const nonces = ['a', 'b', 'c'].map((letter) => letter.repeat(length));
          const expected: unknown[] = nonces.map((nonce) =>
            TRACK_TABLE.CPU_HASH.reference(read.params, nonce),
          );
          assert.deepEqual(engine.digests(nonces), expected, `${build} ${prefix} ${length}`);
        }
      }
    }
  });
});
