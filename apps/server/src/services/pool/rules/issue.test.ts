import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { TRACK_TABLE, verify } from '@blindpost/pow/tracks';
import type { TrackName } from '@blindpost/protocol/pool';
import fc from 'fast-check';
import { clampBits } from './bits.js';
import { ENTROPY_BYTES, issue } from './issue.js';
import { TRACK_NAMES, track } from './retarget.fixture.js';

const newEntropy = (): string => randomBytes(ENTROPY_BYTES).toString('hex');
/** Grown from a short seed, so that a failure can be read. */
const entropy = fc
  .integer({ min: 0 })
  .map((seed) => createHash('shake256', { outputLength: ENTROPY_BYTES }).update(String(seed)).digest('hex'));
const bits = fc.integer({ min: 0, max: 100 });

test('what is issued is what its track reads, member by member', () => {
  fc.assert(
    fc.property(track, bits, entropy, (track, wanted, entropy) => {
      const bits = clampBits(track, wanted);
      const params = issue(track, bits, entropy);
      const read = TRACK_TABLE[track].read(params);
      assert.deepEqual(read.ok ? null : read, null);
      assert.equal(params.bits, bits);
      assert.match(String(params.challenge), /^[0-9a-f]{64}$/);
      if (track !== 'CPU_HASH') assert.match(String(params.seed), /^[0-9a-f]{64}$/);
    }),
  );
});

test('a round has the members its track names and no other', () => {
  const members: Record<TrackName, string[]> = {
    CPU_HASH: ['challenge', 'bits'],
    CHAIN: ['challenge', 'seed', 'steps', 'bits'],
    MEM_WORK: ['challenge', 'seed', 'steps', 'lanes', 'laneSize', 'bits'],
    BRANCHY_MIX: ['challenge', 'seed', 'rounds', 'bits'],
    TINY_VM: ['challenge', 'seed', 'program_hex', 'steps', 'bits'],
    VM_CHAIN: [
      ...['challenge', 'seed', 'program_hex', 'steps', 'memWords'],
      ...['chainUpdateEvery', 'sampleWords', 'bits'],
    ],
    ARGON2D_CHAIN: ['challenge', 'seed', 'memBlocks', 'passes', 'lanes', 'bits'],
  };
  for (const track of TRACK_NAMES) {
    assert.deepEqual(Object.keys(issue(track, 20, newEntropy())).sort(), members[track].sort());
  }
});

test('no two rounds share a challenge, a seed or a program, nor a challenge its seed', () => {
  for (const track of TRACK_NAMES) {
    const [one, other] = [issue(track, 20, newEntropy()), issue(track, 20, newEntropy())];
    assert.notEqual(one.challenge, other.challenge);
    assert.notEqual(one.challenge, one.seed);
    if (track !== 'CPU_HASH') assert.notEqual(one.seed, other.seed);
    if ('program_hex' in one) assert.notEqual(one.program_hex, other.program_hex);
  }
});

test('what is issued can be verified: no nonce is refused', async () => {
  for (const track of TRACK_NAMES) {
    const params = issue(track, 0, newEntropy());
    for (const nonce of ['', '0123456789abcdef0123456789abcdef']) {
      const { code } = await verify(track, params, nonce);
      assert.equal(code, 1, `${track} answers ${code}`);
    }
  }
});
