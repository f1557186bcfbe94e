import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex } from '@noble/hashes/utils.js';
import { branchyMix } from './index.js';

const PARAMS = { challenge: 'défi', seed: 'sel', rounds: 200, bits: 0 };
const BUILDS = ['scalar', 'simd'] as const;

const hex = (digest: Uint8Array | number) => (digest instanceof Uint8Array ? bytesToHex(digest) : digest);

test('nonces that are sorted together get the digests they get alone, however many they are', async () => {
  const nonces = Array.from({ length: 131 }, (_, i) => `nonce-${String(i).padStart(3, '0')}`);
  const alone = nonces.map((nonce) => hex(branchyMix.reference(PARAMS, nonce)));
  for (const build of BUILDS) {
    const engine = await branchyMix.open(PARAMS, build);
    for (const count of [1, 2, 3, 4, 5, 17, 127, 128, 129, 131]) {
      assert.deepEqual(
        engine.digests(nonces.slice(0, count)).map(hex),
        alone.slice(0, count),
        `${build}, ${count}`,
      );
    }
  }
});

test('from the first round to the last one allowed the kernels agree with the reference', async () => {
  for (const rounds of [1, 2, 3, 4, 5, 49_999, 50_000]) {
    const params = { ...PARAMS, rounds };
    const digest = hex(branchyMix.reference(params, 'nonce'));
    for (const build of BUILDS) {
      const engine = await branchyMix.open(params, build);
      assert.deepEqual(engine.digests(['nonce']).map(hex), [digest], `${build}, ${rounds} rounds`);
    }
  }
});

test('text is hashed byte by byte, wherever its parts and its blocks of 64 bytes end', async () => {
  for (let length = 0; length < 140; length++) {
    const params = { ...PARAMS, rounds: 3, challenge: 'c'.repeat(length % 67), seed: '☃'.repeat(length % 5) };
    const nonce = 'n'.repeat(length);
    const digest = hex(branchyMix.reference(params, nonce));
    for (const build of BUILDS) {
      const engine = await branchyMix.open(params, build);
      assert.deepEqual(engine.digests([nonce]).map(hex), [digest], `${build}, ${length} bytes`);
    }
  }
});
