import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Compute } from '../../platform/compute/compute.js';
import { verify } from './verify.job.js';

const params = { challenge: 'c0ffee', bits: 4 };

describe('the verification job', () => {
  test('a thread judges a proof: won, too few bits, parameters that are none', async () => {
    const compute = new Compute({ workers: 1, queue: 64 });
    const nonces = Array.from({ length: 60 }, (_, index) => `nonce ${index}`);
    const judged = await Promise.all(
      nonces.map((nonce) => compute.run(verify, { track: 'CPU_HASH', params, nonce })),
    );
    for (const computed of judged) {
      assert.ok(computed.ok);
      const { code, maxBits } = computed.value;
      assert.equal(code, Number(maxBits !== null && maxBits >= params.bits));
    }
    assert.ok(judged.some((computed) => computed.ok && computed.value.code === 1));
    const refused = await compute.run(verify, { track: 'CPU_HASH', params: { bits: 'four' }, nonce: '' });
    assert.ok(refused.ok);
    assert.equal(refused.value.code, 'invalid_params');
    await compute.close();
  });

  test('a thread retires when it holds more memory than it should, and not before', async () => {
    let retired = 0;
    const thread = { retire: () => retired++ };
    await verify.run({ track: 'CPU_HASH', params, nonce: 'n' }, thread);
    assert.equal(retired, 0);
    const large = { challenge: 'c', seed: '00', lanes: 1, laneSize: 64 * 1024 * 1024, steps: 1, bits: 0 };
    const { code } = await verify.run({ track: 'MEM_WORK', params: large, nonce: 'n' }, thread);
    assert.equal(code, 1);
    assert.equal(retired, 1);
  });
});
