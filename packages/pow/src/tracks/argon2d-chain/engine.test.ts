import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { bytesToHex } from '@noble/hashes/utils.js';
import { argon2dChain } from './index.js';

const PARAMS = { challenge: 'défi', seed: 'sel', memBlocks: 1024, passes: 1, lanes: 1, bits: 0 };
const NONCES = ['nonce-0', 'nonce-1', 'nonce-2', 'nonce-3', 'nonce-4', 'nonce-5'];
const BUILDS = ['scalar', 'simd'] as const;
const MIB = 2 ** 20;

const hex = (digest: Uint8Array | number) => (digest instanceof Uint8Array ? bytesToHex(digest) : digest);

test('nonces side by side get the digests they get alone, however many they are', async () => {
  // 2,048 blocks are the fewest that see the global transform, the second pass sees its state.
  const params = { ...PARAMS, memBlocks: 2048, passes: 2 };
  const alone = NONCES.map((nonce) => hex(argon2dChain.reference(params, nonce)));
  for (const build of BUILDS) {
    const engine = await argon2dChain.open(params, build);
    for (const count of [1, 2, 3, 4, 5, 6]) {
      assert.deepEqual(
        engine.digests(NONCES.slice(0, count)).map(hex),
        alone.slice(0, count),
        `${build}, ${count}`,
      );
    }
  }
});

test('four memories of 64 MiB together are taken; beyond that one, with the same digests', async () => {
  for (const [memBlocks, memories] of [
    [16_384, 4],
    [32_768, 1],
  ] as const) {
    const params = { ...PARAMS, memBlocks };
    const scalar = await argon2dChain.open(params, 'scalar');
    const simd = await argon2dChain.open(params, 'simd');
    const [nonce = ''] = NONCES;
    assert.deepEqual(simd.digests([nonce]), scalar.digests([nonce]));
    assert.equal(Math.floor(simd.memoryBytes / MIB), (memories * memBlocks) / 1024);
    assert.equal(Math.floor(scalar.memoryBytes / MIB), memBlocks / 1024);
  }
});

test('where there is no memory to be had, opening rejects with a RangeError, and less memory is still had', () => {
  const source = `
    const { argon2dChain } = await import(${JSON.stringify(new URL('./index.js', import.meta.url).href)});
    for (const memBlocks of [1_048_576, 1024]) {
      const params = { ...${JSON.stringify(PARAMS)}, memBlocks };
      for (const build of ${JSON.stringify(BUILDS)}) {
        await argon2dChain.open(params, build).then(
          () => process.stdout.write(build + ' opened;'),
          (error) => process.stdout.write(build + ' ' + error.name + ';'),
        );
      }
    }`;
  const pages = 100 * (MIB / 65_536);
  const flags = [`--wasm-max-mem-pages=${pages}`, '--input-type=module', '--eval', source];
  const told = execFileSync(process.execPath, flags, { encoding: 'utf8' });
  assert.equal(told, 'scalar RangeError;simd RangeError;scalar opened;simd opened;');
});
