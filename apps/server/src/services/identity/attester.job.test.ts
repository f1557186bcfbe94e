import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { possessionMessage } from '@blindpost/zk/attester';
import { sign, signingKey } from '@blindpost/zk/signature';
import { Compute } from '../../platform/compute/compute.js';
import { checkAttestation, checkPossession, makeKey, signAttestation } from './attester.job.js';

describe('jobs of attesters', () => {
  const compute = new Compute({ workers: 1, queue: 16 });
  after(() => compute.close());

  test('a key made in a thread signs in a thread, and the signature is of that claim alone', async () => {
    const made = await compute.run(makeKey, null);
    assert.ok(made.ok);
    const { key, publicKey } = made.value;
    const vouch = { commitment: 5n, type: 'AI.CA' };
    const signed = await compute.run(signAttestation, { key, ...vouch });
    assert.ok(signed.ok);
    const signature = signed.value;
    for (const [claim, good] of [
      [vouch, true],
      [{ ...vouch, commitment: 6n }, false],
      [{ ...vouch, type: 'AI.GN' }, false],
    ] as const) {
      const checked = await compute.run(checkAttestation, { publicKey, signature, ...claim });
      assert.deepEqual(checked, { ok: true, value: good });
    }
    const again = await compute.run(makeKey, null);
    assert.ok(again.ok);
    assert.notDeepEqual(again.value.key, key);
  });

  test('possession is proven for one id and one key, and of a key that is one', async () => {
    const { publicKey, ...rest } = signingKey(new Uint8Array(32).fill(3));
    const signature = sign({ publicKey, ...rest }, possessionMessage(publicKey, 'lab'));
    for (const [asked, verdict] of [
      [{ id: 'lab', publicKey }, 'ok'],
      [{ id: 'bal', publicKey }, 'not theirs'],
      [{ id: 'lab', publicKey: signingKey(new Uint8Array(32).fill(4)).publicKey }, 'not theirs'],
      [{ id: 'lab', publicKey: { x: 0n, y: 1n } }, 'no key'],
      [{ id: 'lab', publicKey: { x: 1n, y: 1n } }, 'no key'],
    ] as const) {
      const checked = await compute.run(checkPossession, { ...asked, signature });
      assert.deepEqual(checked, { ok: true, value: verdict });
    }
  });
});
