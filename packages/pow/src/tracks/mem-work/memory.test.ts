import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { bytesToHex } from '@noble/hashes/utils.js';
import { verify } from '../verify.js';
import { memWork } from './index.js';

const PARAMS = { challenge: 'alice', seed: 'c0ffee', steps: 30, lanes: 1, laneSize: 1024, bits: 0 };
const NONCES = ['one', 'two', '3rd', '4th'];
const MIB = 1024 * 1024;

const hex = (digest: Uint8Array | number) => (typeof digest === 'number' ? digest : bytesToHex(digest));

test('rules are tested in the order of the original', () => {
  const broken = { ...PARAMS, steps: 0, lanes: 0, laneSize: 0, bits: 257 };
  const refused = (code: number | 'invalid_params', field: string) => ({ ok: false, code, field });
  assert.deepEqual(memWork.read(broken), refused(2, 'steps'));
  assert.deepEqual(memWork.read({ ...broken, steps: 1 }), refused(3, 'lanes'));
  assert.deepEqual(memWork.read({ ...broken, steps: 1, lanes: 65_536 }), refused(4, 'laneSize'));
  const wrapped = { ...broken, steps: 1, lanes: 65_536, laneSize: 65_536 };
  assert.deepEqual(memWork.read(wrapped), refused(5, 'bits'));
  assert.deepEqual(memWork.read({ ...wrapped, bits: 256 }), refused('invalid_params', 'laneSize'));
});

test('only the product of lanes and laneSize counts, modulo 2^32, up to 64 MiB', async () => {
  const digest = async (lanes: number, laneSize: number) =>
    (await verify('MEM_WORK', { ...PARAMS, lanes, laneSize }, 'nonce')).digest;
  assert.equal(await digest(32, 32), await digest(1, 1024));
  assert.equal(await digest(2 ** 31 + 1, 1024), await digest(1, 1024));
  assert.equal(memWork.read({ ...PARAMS, lanes: 64, laneSize: MIB }).ok, true);
  assert.equal(memWork.read({ ...PARAMS, lanes: 1, laneSize: 64 * MIB + 1 }).ok, false);
});

test('four nonces go side by side up to 8 MiB and one at a time beyond, with the digests they get alone', async () => {
  for (const laneSize of [8 * MIB, 8 * MIB + 33]) {
    const params = { ...PARAMS, laneSize };
    const expected = (await memWork.open(params, 'scalar')).digests(NONCES).map(hex);
    const engine = await memWork.open(params, 'simd');
    assert.deepEqual(engine.digests(NONCES).map(hex), expected);
    const copies = laneSize > 8 * MIB ? 1 : 4;
    assert.equal(Math.floor(engine.memoryBytes / (8 * MIB)), 1 + copies);
  }
});

test('a nonce finds the memory as the seed gave it, whatever the ones before have changed', async () => {
  // Changed slices are put right one by one; from 33 steps on the whole of this memory is copied.
  for (const steps of [1, 31, 32, 33, 200]) {
    const params = { ...PARAMS, steps };
    for (const build of ['scalar', 'simd'] as const) {
      const used = await memWork.open(params, build);
      const first = used.digests(NONCES).map(hex);
      assert.deepEqual(used.digests(NONCES).map(hex), first);
      assert.deepEqual(
        first,
        NONCES.map((nonce) => hex(memWork.reference(params, nonce))),
        `${build} ${steps}`,
      );
    }
  }
});

test('where there is no memory to be had the parameters are refused, and smaller ones are still verified', () => {
  const source = `
    const { verify } = await import(${JSON.stringify(new URL('../verify.js', import.meta.url).href)});
    for (const laneSize of [${32 * MIB}, 1024]) {
      for (const build of ['scalar', 'simd']) {
        const params = { ...${JSON.stringify(PARAMS)}, laneSize };
        const { code, field } = await verify('MEM_WORK', params, 'nonce', { build });
        process.stdout.write([build, laneSize, code, field].join(' ') + ';');
      }
    }`;
  const pages = (32 * MIB) / 65_536;
  const flags = [`--wasm-max-mem-pages=${pages}`, '--input-type=module', '--eval', source];
  assert.equal(
    execFileSync(process.execPath, flags, { encoding: 'utf8' }),
    ['scalar', 'simd'].map((build) => `${build} ${32 * MIB} invalid_params laneSize;`).join('') +
      ['scalar', 'simd'].map((build) => `${build} 1024 1 ;`).join(''),
  );
});
