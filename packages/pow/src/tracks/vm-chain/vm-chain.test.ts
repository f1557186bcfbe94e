import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex } from '@noble/hashes/utils.js';
import { vmChainProgram } from '../program/draw.js';
import { vmChain } from './index.js';

const bytes = Uint8Array.from({ length: 20 * 6 }, (_, i) => (i * 167 + (i >> 3)) & 255);
const PARAMS = {
  challenge: 'alice',
  seed: 'bob',
  program_hex: vmChainProgram(bytes, 20),
  steps: 500,
  memWords: 1024,
  chainUpdateEvery: 64,
  sampleWords: 5,
  bits: 0,
};
const NONCES = ['one', 'two', '3rd', '4th'];
const MEBI = 2 ** 20;

const hex = (digest: Uint8Array | number) => (typeof digest === 'number' ? digest : bytesToHex(digest));

test('rules are tested in the order of the original', () => {
  const refused = (code: number, field: string) => ({ ok: false, code, field });
  const broken = { ...PARAMS, steps: 0, bits: 257, memWords: 1023, chainUpdateEvery: 0, program_hex: '09' };
  assert.deepEqual(vmChain.read(broken), refused(2, 'steps'));
  assert.deepEqual(vmChain.read({ ...broken, steps: 2_000_001 }), refused(2, 'steps'));
  const third = { ...broken, steps: 2_000_000 };
  assert.deepEqual(vmChain.read(third), refused(3, 'bits'));
  for (const memWords of [0, 512, 1023, 3072, 128 * MEBI]) {
    assert.deepEqual(vmChain.read({ ...third, bits: 256, memWords }), refused(4, 'memWords'));
  }
  const fifth = { ...third, bits: 256, memWords: 64 * MEBI };
  assert.deepEqual(vmChain.read(fifth), refused(5, 'chainUpdateEvery'));
  assert.deepEqual(vmChain.read({ ...fifth, chainUpdateEvery: 1025 }), refused(5, 'chainUpdateEvery'));
  const sixth = { ...fifth, chainUpdateEvery: 1024 };
  for (const count of [15, 4097]) {
    const program_hex = '090000000000'.repeat(count);
    assert.deepEqual(vmChain.read({ ...sixth, program_hex }), refused(6, 'program_hex'));
  }
  assert.deepEqual(
    vmChain.read({ ...sixth, program_hex: `${PARAMS.program_hex}00` }),
    refused(6, 'program_hex'),
  );
  assert.equal(vmChain.read({ ...sixth, program_hex: PARAMS.program_hex }).ok, true);
});

test('the chain may move after every number of steps, also in the middle of what is compiled', async () => {
  for (const chainUpdateEvery of [...Array(40).keys(), 498, 499, 500, 1023].map((i) => i + 1)) {
    const params = { ...PARAMS, chainUpdateEvery };
    const expected = NONCES.map((nonce) => hex(vmChain.reference(params, nonce)));
    for (const build of ['scalar', 'simd'] as const) {
      const engine = await vmChain.open(params, build);
      assert.deepEqual(engine.digests(NONCES).map(hex), expected, `${build} ${chainUpdateEvery}`);
    }
  }
});

test('samples are taken up to 1,024, also when they do not fill all lanes', async () => {
  const digest = async (sampleWords: number) => {
    const params = { ...PARAMS, sampleWords };
    const expected = NONCES.map((nonce) => hex(vmChain.reference(params, nonce)));
    const engine = await vmChain.open(params, 'simd');
    assert.deepEqual(engine.digests(NONCES).map(hex), expected, `${sampleWords}`);
    return expected[0];
  };
  for (const samples of [0, 1, 2, 3, 4]) assert.notEqual(await digest(samples), await digest(samples + 1));
  assert.notEqual(await digest(1023), await digest(1024));
  assert.equal(await digest(1025), await digest(1024));
});

test('four nonces have four memories up to 64 MiB and one beyond, with the digests they get alone', async () => {
  for (const memWords of [4 * MEBI, 8 * MEBI]) {
    const params = { ...PARAMS, memWords };
    const two = NONCES.slice(0, 2);
    const expected = (await vmChain.open(params, 'scalar')).digests(two).map(hex);
    const engine = await vmChain.open(params, 'simd');
    assert.deepEqual(engine.digests(two).map(hex), expected);
    const memories = memWords > 4 * MEBI ? 1 : 4;
    assert.equal(Math.floor(engine.memoryBytes / (4 * memWords)), memories);
  }
});
