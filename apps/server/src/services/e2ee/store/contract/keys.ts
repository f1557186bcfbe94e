import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreKey } from '../../rules/stock.js';
import { bundle } from '../bundle.js';
import type { Uploaded } from '../upload-keys.js';
import type { Bench } from './bench.js';
import { HOUR_MS, MINUTE_MS, newId, newName, owner, preKeys, range, sha256 } from './desk.js';
import { Stage } from './stage.js';

/** Bundles and the prekeys that are handed out once. */
export function keyRules(bench: Bench): void {
  const stage = Stage.of(bench);
  const counts = (uploaded: Uploaded) => {
    assert.ok(uploaded.status === 'ok');
    return [uploaded.stored, uploaded.remaining];
  };

  test('an upload makes the queue, and one after it replaces all but the id and the first time', async () => {
    const { desk } = stage;
    const account = newId();
    assert.equal(await desk.db.read(bundle, owner(account)), null);
    const first = await desk.upload(account, preKeys(1, 3));
    assert.deepEqual(counts(first), [3, 3]);
    const at = desk.now;
    desk.now += 1_000;
    const second = await desk.upload(account, []);
    assert.ok(first.status === 'ok' && second.status === 'ok');
    assert.deepEqual(counts(second), [0, 3]);
    assert.deepEqual(second.bundle.id, first.bundle.id);
    assert.deepEqual([second.bundle.created_at, second.bundle.updated_at], [at, desk.now]);
    assert.deepEqual(
      (await desk.db.read(bundle, owner(account)))?.signed_signature,
      second.bundle.signed_signature,
    );
  });

  test('identical prekeys are passed over, before and after they were handed out', async () => {
    const { desk } = stage;
    const [account, name] = [await desk.account(), newName()];
    assert.deepEqual(counts(await desk.upload(account, preKeys(1, 5, name))), [5, 5]);
    assert.deepEqual(counts(await desk.upload(account, preKeys(1, 5, name))), [0, 5]);
    assert.equal(await desk.claimed(account, newId()), 1);
    assert.deepEqual(counts(await desk.upload(account, preKeys(1, 6, name))), [1, 5]);
    assert.deepEqual(
      counts(await desk.upload(account, [...preKeys(7, 1, name), ...preKeys(7, 1, name)])),
      [1, 6],
    );
  });

  test('an id with another key, or a key with another id, is refused whole and named', async () => {
    const { desk } = stage;
    const [account, name] = [await desk.account(), newName()];
    await desk.upload(account, preKeys(1, 2, name));
    const [known] = preKeys(1, 1, name);
    assert.ok(known !== undefined);
    const refused: readonly PreKey[][] = [
      [...preKeys(10, 1), ...preKeys(1, 1)],
      [...preKeys(10, 1), { ...known, keyId: 11 }],
      [...preKeys(10, 1), ...preKeys(10, 1)],
      [
        { keyId: 10, publicKey: sha256('x') },
        { keyId: 11, publicKey: sha256('x') },
      ],
    ];
    for (const keys of refused)
      assert.deepEqual(await desk.upload(account, keys), { status: 'conflict', item: 1 });
    await desk.claim(account, newId());
    assert.deepEqual(await desk.upload(account, preKeys(1, 1)), { status: 'conflict', item: 0 });
    assert.deepEqual(counts(await desk.upload(account, [])), [0, 1]);
  });

  test('another identity key drops what was left, also for who asks again within the minute', async () => {
    const { desk } = stage;
    const [account, requester, name] = [await desk.account(), newId(), newName()];
    await desk.upload(account, preKeys(1, 5, name));
    assert.equal(await desk.claimed(account, requester), 1);
    const other = { identity: 'other' };
    // The first was handed out and never is again; the rest may come back under the new identity.
    assert.deepEqual(counts(await desk.upload(account, preKeys(1, 3, name), other)), [2, 2]);
    assert.equal(await desk.claimed(account, requester), 2);
    assert.deepEqual(counts(await desk.upload(account, preKeys(1, 3), { identity: 'third' })), [3, 3]);
    assert.equal(await desk.claimed(account, requester), 1, 'ids begin anew');
    assert.deepEqual(
      counts(await desk.upload(account, [], { identity: 'identity' })),
      [0, 0],
      'back is another',
    );
    assert.equal(await desk.claimed(account, requester), null);
  });

  test('more than may wait is refused whole; what is known does not count', async () => {
    const { desk } = stage;
    const [account, name] = [await desk.account(), newName()];
    const bound = { stock: 10 };
    assert.deepEqual(await desk.upload(account, preKeys(1, 11, name), bound), { status: 'overstock' });
    assert.equal(await desk.db.read(bundle, owner(account)), null);
    assert.deepEqual(counts(await desk.upload(account, preKeys(1, 10, name), bound)), [10, 10]);
    assert.deepEqual(counts(await desk.upload(account, preKeys(1, 10, name), bound)), [0, 10]);
    assert.deepEqual(await desk.upload(account, preKeys(1, 11, name), bound), { status: 'overstock' });
    await desk.claim(account, newId());
    assert.deepEqual(counts(await desk.upload(account, preKeys(1, 11, name), bound)), [1, 10]);
    assert.deepEqual(
      counts(await desk.upload(account, preKeys(1, 10), { ...bound, identity: 'other' })),
      [10, 10],
    );
  });

  test('of those handed out beyond the bound only the highest id is remembered, and none comes back', async () => {
    const { desk } = stage;
    const [account, name] = [await desk.account(), newName()];
    const bound = { spent: 3 };
    await desk.upload(account, preKeys(1, 8, name), bound);
    for (const keyId of range(6)) assert.equal(await desk.claimed(account, newId()), keyId);
    assert.deepEqual(counts(await desk.upload(account, [], bound)), [0, 2]);
    for (const item of [1, 2, 3]) {
      assert.deepEqual(await desk.upload(account, preKeys(item, 1, name), bound), {
        status: 'conflict',
        item: 0,
      });
    }
    assert.deepEqual(counts(await desk.upload(account, preKeys(4, 5, name), bound)), [0, 2]);
    assert.deepEqual(counts(await desk.upload(account, preKeys(9, 1, name), bound)), [1, 3]);
    for (const keyId of [7, 8, 9]) assert.equal(await desk.claimed(account, newId()), keyId);
    assert.equal(await desk.claimed(account, newId()), null);
  });

  test('200 racing claimers at several servers get each key once, and the others none', async () => {
    const { desk } = stage;
    const account = await desk.account();
    await desk.upload(account, preKeys(1, 150));
    const got = await stage.everywhere(200, (each, index) =>
      each.claimed(account, newId(), { fresh: index % 2 === 0 }),
    );
    const keys = got.flatMap((key) => key ?? []);
    assert.deepEqual(
      keys.sort((a, b) => a - b),
      range(150),
    );
    assert.equal(got.length - keys.length, 50);
  });

  test('claims and uploads that race hand out nothing twice', async () => {
    const { desk } = stage;
    const [account, name] = [await desk.account(), newName()];
    await desk.upload(account, preKeys(1, 5, name));
    const got = await stage.everywhere(bench.scaled(600), async (each, index) => {
      if (index % 5 > 0) return each.claimed(account, newId());
      const { status } = await each.upload(account, preKeys(1, 1 + index, name));
      assert.equal(status, 'ok');
      return null;
    });
    const keys = got.flatMap((key) => key ?? []);
    assert.equal(new Set(keys).size, keys.length);
  });

  test('who asks again within 60 s gets the same key, at whatever server, and a fresh one on demand', async () => {
    const { desk } = stage;
    const [account, requester] = [await desk.account(), newId()];
    await desk.upload(account, preKeys(1, 10));
    const got = await stage.everywhere(16, (each) => each.claim(account, requester));
    assert.ok(got.every((one) => one?.preKey?.key_id === 1));
    assert.equal(got.filter((one) => one?.taken).length, 1);
    desk.now += MINUTE_MS - 1;
    assert.equal(await desk.claimed(account, requester), 1);
    assert.equal(await desk.claimed(account, newId()), 2, 'another has another');
    assert.equal(await desk.claimed(account, requester, { fresh: true }), 3);
    assert.equal(await desk.claimed(account, requester), 3, 'the last one');
    desk.now += MINUTE_MS;
    assert.equal(await desk.claimed(account, requester), 4);
  });

  test('the caps for a pair and for a target hold, and open again after an hour', async () => {
    const { desk } = stage;
    const [account, one] = [await desk.account(), newId()];
    await desk.upload(account, preKeys(1, 100));
    const caps = { perPair: 3, perTarget: 5 };
    const start = desk.now;
    const fresh = { ...caps, fresh: true };
    for (const keyId of range(3)) assert.equal(await desk.claimed(account, one, fresh), keyId);
    assert.equal(await desk.claimed(account, one, fresh), null);
    assert.equal(await desk.claimed(account, one, caps), 3, 'what it has it is told again');
    desk.now += MINUTE_MS;
    assert.equal(await desk.claimed(account, one, caps), null);
    for (const keyId of [4, 5]) assert.equal(await desk.claimed(account, newId(), caps), keyId);
    assert.equal(await desk.claimed(account, newId(), caps), null);
    desk.now = start + HOUR_MS - 1;
    assert.equal(await desk.claimed(account, newId(), caps), null);
    desk.now = start + HOUR_MS;
    const again = await stage.everywhere(12, (each, index) => {
      each.now = start + HOUR_MS;
      return each.claimed(account, index % 2 === 0 ? one : newId(), fresh);
    });
    assert.equal(again.filter((key) => key !== null).length, 3, 'two of the five are not an hour old');
  });

  test('who has no bundle has none to hand out', async () => {
    const { desk } = stage;
    assert.equal(await desk.claim(await desk.account(), newId()), null);
    assert.equal(await desk.claim(newId(), newId()), null);
  });
}
