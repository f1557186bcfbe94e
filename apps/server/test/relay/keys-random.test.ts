import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomHashes } from '@blindpost/protocol/relay';
import { makeBundle, makeIdentity, signBundle } from '@blindpost/testbed/keys';
import { assertOk, assertRefused } from './answers.js';
import { onEveryStore, type Stage } from './stage.js';

async function random(stage: Stage, query: string): Promise<string[]> {
  const headers = await stage.wire.paid('', { type: 'decoy' });
  return assertOk(await stage.wire.get(`/keys/random${query}`, headers), RandomHashes).hashes;
}

await onEveryStore(
  'random hashes',
  (stage) => {
    test('only identities whose signed bundle says so are named, and no more once it is taken back', async () => {
      assert.deepEqual(await random(stage, '?count=20'), []);
      const [willing, silent, refusing, forged] = [
        makeIdentity(),
        makeIdentity(),
        makeIdentity(),
        makeIdentity(),
      ];
      await stage.wire.upload(willing, { discoverable: true });
      await stage.wire.upload(silent);
      await stage.wire.upload(refusing, { discoverable: false });
      // Beside a signature over four members the fifth counts for nothing, whether the upload is taken or not.
      await stage.wire.uploadBody(forged.hash, {
        ...signBundle(forged, makeBundle(forged)),
        discoverable: true,
      });
      assert.deepEqual(await random(stage, '?count=20'), [willing.hash]);
      await stage.wire.upload(willing);
      assert.deepEqual(await random(stage, '?count=20'), []);
      await stage.wire.upload(willing, { discoverable: true });
      await stage.wire.burn(willing);
      assert.deepEqual(await random(stage, '?count=20'), []);
    });

    test('never more than asked for, never twice, and never all of a crowd', async () => {
      const crowd = Array.from({ length: 30 }, () => makeIdentity());
      await Promise.all(crowd.map((identity) => stage.wire.upload(identity, { discoverable: true })));
      for (const count of [1, 7, 20]) {
        const hashes = await random(stage, `?count=${count}`);
        assert.equal(hashes.length, count);
        assert.equal(new Set(hashes).size, count);
      }
      const seen = new Set(
        (await Promise.all(Array.from({ length: 12 }, () => random(stage, '?count=5')))).flat(),
      );
      assert.ok(seen.size > 5, 'not always the same ones');
      assert.ok((await random(stage, '')).length <= 20);
    });

    test('counts from 1 to 20 only', async () => {
      for (const count of ['0', '21', '-1', 'abc', '1.5', '', '1e1']) {
        const headers = await stage.wire.paid('', { type: 'decoy' });
        assertRefused(
          await stage.wire.get(`/keys/random?count=${count}`, headers),
          400,
          'ERR_MALFORMED',
          'count',
        );
      }
    });

    test('decoys need work, and a seed names them once', async () => {
      assertRefused(await stage.wire.get('/keys/random?count=3'), 401, 'ERR_POW_INVALID');
      const headers = await stage.wire.paid('', { type: 'decoy' });
      assert.equal((await stage.wire.get('/keys/random?count=3', headers)).status, 200);
      assertRefused(await stage.wire.get('/keys/random?count=3', headers), 401, 'ERR_EXPIRED');
    });
  },
  { concurrency: 1 },
);
