import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { TRACK_TABLE } from './table.js';
import type { TrackName } from './track.js';
import { Verifier } from './verifier.js';
import { verify } from './verify.js';

const CHAIN = { challenge: 'alice', seed: 'c0ffee', steps: 5, bits: 1 };
const MEM_WORK = { challenge: 'alice', seed: 'c0ffee', steps: 50, lanes: 4, laneSize: 65_536, bits: 1 };
const NONCES = Array.from({ length: 12 }, (_, i) => `nonce ${'x'.repeat(i)}`);

test('nonces of several rounds at once get the verdicts they get alone', async () => {
  const verifier = new Verifier();
  const asked = NONCES.flatMap((nonce, i): [TrackName, unknown, string][] => [
    ['CHAIN', { ...CHAIN, steps: 1 + (i % 3) }, nonce],
    ['MEM_WORK', { ...MEM_WORK, seed: i % 2 ? 'C0FFEE' : '00' }, nonce],
    ['CPU_HASH', CHAIN, nonce],
    ['CHAIN', null, nonce],
  ]);
  const verdicts = await Promise.all(asked.map((one) => verifier.verify(...one)));
  assert.deepEqual(verdicts, await Promise.all(asked.map((one) => verify(...one))));
  assert.deepEqual(new Set(verdicts.map(({ code }) => code)), new Set([0, 1, 'invalid_params']));
});

test('what the nonces of a round share is made once, and its memory is told', async (t) => {
  const open = mock.method(TRACK_TABLE.MEM_WORK, 'open');
  t.after(() => open.mock.restore());
  const verifier = new Verifier();
  assert.equal(verifier.memoryBytes, 0);
  for (const nonce of NONCES) await verifier.verify('MEM_WORK', MEM_WORK, nonce);
  // The order of members makes no other round of it.
  await verifier.verify('MEM_WORK', Object.fromEntries(Object.entries(MEM_WORK).reverse()), 'nonce');
  assert.equal(open.mock.callCount(), 1);
  assert.ok(verifier.memoryBytes > 2 * 4 * 65_536);

  await verifier.verify('MEM_WORK', { ...MEM_WORK, laneSize: 256 }, 'nonce');
  assert.equal(open.mock.callCount(), 2);
  assert.ok(verifier.memoryBytes < 4 * 65_536);
});

test('memory that cannot be had is refused by the member that asks for it, and asked for again', async (t) => {
  const open = mock.method(TRACK_TABLE.MEM_WORK, 'open', () => Promise.reject(new RangeError('no memory')), {
    times: 2,
  });
  t.after(() => open.mock.restore());
  const refusal = { code: 'invalid_params', digest: null, maxBits: null, field: 'laneSize' };
  const verifier = new Verifier();
  assert.deepEqual(await verify('MEM_WORK', MEM_WORK, 'nonce'), refusal);
  assert.deepEqual(await verifier.verify('MEM_WORK', MEM_WORK, 'nonce'), refusal);
  assert.deepEqual(
    await verifier.verify('MEM_WORK', MEM_WORK, 'nonce'),
    await verify('MEM_WORK', MEM_WORK, 'nonce'),
  );
});
