import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Checked, check, isVectorFile, type Vector } from './check.js';

/** By `printf alicenonce | sha256sum`. */
const DIGEST = '628be6ff0884521385e29a3e0562596e13d0e269af671a1ca570a47279c389b0';
const VECTOR: Vector = {
  id: 'one',
  track: 'CPU_HASH',
  params: { challenge: 'alice', bits: 0 },
  nonce: 'nonce',
  expect: { code: 1, digest: DIGEST, maxBits: 1 },
};
const TRAP: Vector = {
  id: 'trap',
  track: 'MEM_WORK',
  params: { challenge: '', seed: '', steps: 1, lanes: 65_536, laneSize: 65_536, bits: 0 },
  nonce: '',
  expect: { code: 'trap', digest: null, maxBits: null },
};

async function outcomes(vectors: Vector[]): Promise<Checked[]> {
  const all: Checked[] = [];
  for await (const checked of check(vectors)) all.push(checked);
  return all;
}

test('a vector is taken through the reference and both kernels', async () => {
  const all = await outcomes([VECTOR, TRAP]);
  const paths = ['reference', 'scalar', 'simd'];
  const expected = ['one', 'trap'].flatMap((id) => paths.map((path) => `${id} ${path}`));
  assert.deepEqual(
    all.map(({ id, path }) => `${id} ${path}`),
    expected,
  );
  assert.ok(all.every(({ ok }) => ok));
});

test('a verdict that differs anywhere from what is expected is told', async () => {
  const wrong: Vector['expect'][] = [
    { ...VECTOR.expect, code: 0 },
    { ...VECTOR.expect, code: 'trap' },
    { ...VECTOR.expect, digest: DIGEST.replace(/.$/, 'f') },
    { ...VECTOR.expect, digest: null },
    { ...VECTOR.expect, maxBits: 0 },
  ];
  const all = await outcomes(wrong.map((expect) => ({ ...VECTOR, expect })));
  assert.equal(all.length, 3 * wrong.length);
  assert.ok(all.every(({ ok }) => !ok));
  const refused = await outcomes([{ ...TRAP, expect: { ...TRAP.expect, code: 4 } }]);
  assert.ok(refused.every(({ ok, got }) => !ok && got.code === 'invalid_params'));
});

test('what is no vector file is told from one', () => {
  const file = { format: 'powloot-vectors-1', vectors: [VECTOR, TRAP] };
  assert.equal(isVectorFile(file), true);
  assert.equal(isVectorFile({ ...file, format: 'another' }), true);
  for (const other of [
    null,
    [],
    'vectors',
    { ...file, vectors: {} },
    { ...file, vectors: [null] },
    { ...file, vectors: [{ ...VECTOR, track: 'SCRYPT' }] },
    { ...file, vectors: [{ ...VECTOR, nonce: 1 }] },
    { ...file, vectors: [{ ...VECTOR, expect: { ...VECTOR.expect, code: 'win' } }] },
    { ...file, vectors: [{ ...VECTOR, expect: { code: 1 } }] },
  ]) {
    assert.equal(isVectorFile(other), false, JSON.stringify(other));
  }
});
