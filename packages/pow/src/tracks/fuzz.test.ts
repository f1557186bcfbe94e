import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { fourNonces, SMALL_PARAMS } from './small.fixture.js';
import { TRACK_TABLE } from './table.js';
import { TRACKS, type TrackName } from './track.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
/** Nonces to each of the parameters, as many as go side by side. */
const NONCES = 4;

/** 100,000 in all; where one takes a memory of a megabyte, fewer. */
const INPUTS: Record<TrackName, number> = {
  CPU_HASH: 28_000,
  CHAIN: 24_000,
  MEM_WORK: 20_000,
  BRANCHY_MIX: 16_800,
  TINY_VM: 6_000,
  VM_CHAIN: 5_000,
  ARGON2D_CHAIN: 200,
};

const hex = (digest: Uint8Array | number) => (typeof digest === 'number' ? digest : bytesToHex(digest));

for (const track of TRACKS) {
  const { read, reference, open } = TRACK_TABLE[track];

  test(`${track}: ${INPUTS[track]} random small inputs agree between reference and kernels`, async () => {
    const numRuns = Math.ceil((INPUTS[track] * SCALE) / NONCES);
    let digests = 0;
    await fc.assert(
      fc.asyncProperty(SMALL_PARAMS[track], fourNonces, async (params, nonces) => {
        const known = read(params);
        if (!known.ok) return;
        const expected = nonces.map((nonce) => hex(reference(known.params, nonce)));
        digests += expected.length;
        for (const build of ['scalar', 'simd'] as const) {
          const engine = await open(known.params, build);
          assert.deepEqual(engine.digests(nonces).map(hex), expected, build);
          // Nothing of the four may be left behind: alone, a nonce gets the digest it got among them.
          assert.deepEqual(
            engine.digests(nonces.slice(1, 2)).map(hex),
            expected.slice(1, 2),
            `${build}, one`,
          );
        }
      }),
      { numRuns },
    );
    assert.ok(digests > numRuns, 'most parameters are not refused');
  });
}
