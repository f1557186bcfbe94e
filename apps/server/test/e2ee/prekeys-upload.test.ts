/** Rule 3: uploads. What comes again is passed over, and a new identity begins anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeE2eeIdentity, makeE2eeUpload, makePreKeys, preKey } from '@blindpost/testbed/wire-bundle';
import { assertBundle, assertPublic, assertRefused, stock } from './answers.js';
import { bytes, inFuture } from './messages.js';
import { onEveryStage } from './stage.js';

await onEveryStage('rule 3, uploads', (stage) => {
  test('an upload answers the whole bundle, and others see its public part', async () => {
    const [owner, other] = [await stage.account(), await stage.account()];
    const upload = makeE2eeUpload(3, {
      algorithm: 'x25519+mlkem',
      signedPreKeyExpiresAt: inFuture(),
      lastResortPreKey: { keyId: 4_294_967_295, publicKey: preKey() },
      pqPreKeyId: 0,
      pqPreKey: bytes(1_184),
      pqPreKeySignature: bytes(3_309),
      meta: { client: 'ios', bundle_version: 1, deviceName: { innerName: [true, null, 1.5, 'ä'] } },
    });
    const { oneTimePreKeys, ...published } = upload;
    const answer = assertBundle(await owner.upload(upload));
    const { id, createdAt, updatedAt, oneTimePreKeysStored, oneTimePreKeysRemaining, ...rest } = answer;
    assert.deepEqual(rest, { ...published, accountId: owner.id, verified: true });
    assert.deepEqual([oneTimePreKeysStored, oneTimePreKeysRemaining], [3, 3]);
    assert.ok(Date.parse(updatedAt) >= Date.parse(createdAt));
    assert.notEqual(id, owner.id);
    for (const seen of [await owner.me(), await other.bundle(owner.id, false)]) {
      assert.deepEqual(assertPublic(seen), { ...rest, oneTimePreKey: null });
    }
    const { oneTimePreKey, ...bundle } = assertPublic(await other.bundle(owner.id));
    assert.deepEqual(bundle, rest);
    assert.ok(oneTimePreKeys?.some((key) => key.keyId === oneTimePreKey?.keyId));
    assert.equal(await stock(owner), 2);
  });

  test('what is left out is null, the algorithm x25519', async () => {
    const owner = await stage.account();
    const { oneTimePreKeys: _, ...upload } = makeE2eeUpload();
    const nulls = { meta: null, signedPreKeyExpiresAt: null, lastResortPreKey: null };
    const pq = { pqPreKeyId: null, pqPreKey: null, pqPreKeySignature: null };
    const expected = { algorithm: 'x25519', ...nulls, ...pq };
    for (const body of [upload, { ...upload, ...nulls, ...pq, algorithm: null, oneTimePreKeys: null }]) {
      const answer = assertBundle(await owner.upload(body));
      for (const [name, value] of Object.entries(expected))
        assert.equal(Reflect.get(answer, name), value, name);
      assert.deepEqual([answer.oneTimePreKeysStored, answer.oneTimePreKeysRemaining], [0, 0]);
    }
  });

  test('to look at the own bundle takes no key', async () => {
    const owner = await stage.account();
    assertBundle(await owner.upload(makeE2eeUpload(2)));
    for (let n = 0; n < 3; n += 1) assert.equal(assertPublic(await owner.me()).oneTimePreKey, null);
    assert.equal(await stock(owner), 2);
  });

  test('a signed prekey that is past its time is served', async () => {
    const [owner, other] = [await stage.account(), await stage.account()];
    const signedPreKeyExpiresAt = '2020-03-07T00:00:00.000Z';
    const upload = makeE2eeUpload(1, { signedPreKeyExpiresAt });
    assert.equal(assertBundle(await owner.upload(upload)).signedPreKeyExpiresAt, signedPreKeyExpiresAt);
    const bundle = assertPublic(await other.bundle(owner.id));
    assert.equal(bundle.signedPreKeyExpiresAt, signedPreKeyExpiresAt);
    assert.notEqual(bundle.oneTimePreKey, null);
  });

  test('the same identity rotates its signed prekey and keeps its stock, its id and its beginning', async () => {
    const [owner, other] = [await stage.account(), await stage.account()];
    const identity = makeE2eeIdentity();
    const first = assertBundle(await owner.upload(makeE2eeUpload(5, {}, identity)));
    const next = makeE2eeUpload(0, { signedPreKeyId: 2, oneTimePreKeys: makePreKeys(2, 200) }, identity);
    const second = assertBundle(await owner.upload(next));
    assert.deepEqual([second.id, second.createdAt], [first.id, first.createdAt]);
    assert.ok(Date.parse(second.updatedAt) >= Date.parse(first.updatedAt));
    assert.deepEqual([second.oneTimePreKeysStored, second.oneTimePreKeysRemaining], [2, 7]);
    const bundle = assertPublic(await other.bundle(owner.id));
    assert.deepEqual([bundle.signedPreKeyId, bundle.signedPreKey], [2, next.signedPreKey]);
  });

  test('a changed identity key drops all older one-time prekeys', async () => {
    const [owner, other] = [await stage.account(), await stage.account()];
    const old = makeE2eeUpload(5);
    assertBundle(await owner.upload(old));
    assert.notEqual(assertPublic(await other.claim(owner.id)).oneTimePreKey, null);
    const fresh = makeE2eeUpload(0, { oneTimePreKeys: makePreKeys(2, 500) });
    const answer = assertBundle(await owner.upload(fresh));
    assert.deepEqual([answer.oneTimePreKeysStored, answer.oneTimePreKeysRemaining], [2, 2]);
    assert.equal(await stock(owner), 2);
    const claims = [
      assertPublic(await other.claim(owner.id)),
      assertPublic(await other.claim(owner.id)),
      assertPublic(await other.claim(owner.id)),
    ];
    for (const { identityKey } of claims) assert.equal(identityKey, fresh.identityKey);
    const ids = claims.map(({ oneTimePreKey }) => oneTimePreKey?.keyId).sort();
    assert.deepEqual(ids, [500, 501, undefined]);
  });

  test('a new identity without one-time prekeys has none, not even for who fetched a minute ago', async () => {
    const [owner, other] = [await stage.account(), await stage.account()];
    assertBundle(await owner.upload(makeE2eeUpload(5)));
    assert.notEqual(assertPublic(await other.bundle(owner.id)).oneTimePreKey, null);
    const fresh = makeE2eeUpload(0);
    assertBundle(await owner.upload(fresh));
    const bundle = assertPublic(await other.bundle(owner.id));
    assert.deepEqual([bundle.identityKey, bundle.oneTimePreKey], [fresh.identityKey, null]);
  });

  test('a new identity may count its one-time prekeys from the same number', async () => {
    const [owner, other] = [await stage.account(), await stage.account()];
    assertBundle(await owner.upload(makeE2eeUpload(5)));
    assert.notEqual(assertPublic(await other.claim(owner.id)).oneTimePreKey, null);
    const fresh = makeE2eeUpload(5);
    const answer = assertBundle(await owner.upload(fresh));
    assert.deepEqual([answer.oneTimePreKeysStored, answer.oneTimePreKeysRemaining], [5, 5]);
    const { oneTimePreKey } = assertPublic(await other.claim(owner.id));
    assert.ok(fresh.oneTimePreKeys?.some(({ publicKey }) => publicKey === oneTimePreKey?.publicKey));
  });

  test('identical keys that come again are passed over, also when they were handed out', async () => {
    const [owner, other] = [await stage.account(), await stage.account()];
    const upload = makeE2eeUpload(4);
    assertBundle(await owner.upload(upload));
    const again = assertBundle(await owner.upload(upload));
    assert.deepEqual([again.oneTimePreKeysStored, again.oneTimePreKeysRemaining], [0, 4]);
    const { oneTimePreKey } = assertPublic(await other.claim(owner.id));
    assert.ok(oneTimePreKey !== null);
    const once = assertBundle(await owner.upload(upload));
    assert.deepEqual([once.oneTimePreKeysStored, once.oneTimePreKeysRemaining], [0, 3]);
    const more = { ...upload, oneTimePreKeys: makePreKeys(2, 900).concat(upload.oneTimePreKeys ?? []) };
    const mixed = assertBundle(await owner.upload(more));
    assert.deepEqual([mixed.oneTimePreKeysStored, mixed.oneTimePreKeysRemaining], [2, 5]);
    const rest: unknown[] = [];
    for (let n = 0; n < 6; n += 1) rest.push(assertPublic(await other.claim(owner.id)).oneTimePreKey?.keyId);
    const left = [101, 102, 103, 104, 900, 901].filter((id) => id !== oneTimePreKey.keyId);
    assert.deepEqual(rest.slice(0, 5).sort(), left);
    assert.equal(rest[5], undefined);
  });

  test('an id that was used for another key is a conflict, and nothing of that upload is kept', async () => {
    const [owner, other] = [await stage.account(), await stage.account()];
    const identity = makeE2eeIdentity();
    const upload = makeE2eeUpload(3, {}, identity);
    assertBundle(await owner.upload(upload));
    const before = assertPublic(await owner.me());
    const taken = assertPublic(await other.claim(owner.id)).oneTimePreKey?.keyId;
    assert.ok(taken !== undefined);
    const kept = [101, 102, 103].find((id) => id !== taken);
    for (const keyId of [kept, taken]) {
      const oneTimePreKeys = [...makePreKeys(2, 700), { keyId: Number(keyId), publicKey: preKey() }];
      const next = makeE2eeUpload(0, { signedPreKeyId: 2, oneTimePreKeys }, identity);
      assertRefused(await owner.upload(next), 409, 'prekey_conflict');
    }
    assert.deepEqual(assertPublic(await owner.me()), before);
    assert.equal(await stock(owner), 2);
  });

  test('32 identical uploads at once store each key once', async () => {
    const owner = await stage.account();
    const upload = makeE2eeUpload(20);
    const answers = await Promise.all(Array.from({ length: 32 }, () => owner.upload(upload)));
    const stored = answers.map((answer) => assertBundle(answer).oneTimePreKeysStored);
    assert.equal(
      stored.reduce((sum, each) => sum + each),
      20,
    );
    assert.equal(new Set(answers.map((answer) => assertBundle(answer).id)).size, 1);
    assert.equal(await stock(owner), 20);
  });

  test('members that are missing or wrong are named, and change nothing', async () => {
    const owner = await stage.account();
    const upload = makeE2eeUpload(1);
    assertBundle(await owner.upload(upload));
    const wrong: [string, object][] = [
      ['identityKey', { identityKey: undefined }],
      ['identityKey', { identityKey: '' }],
      ['identityKey', { identityKey: 'not Base64!' }],
      ['identityKey', { identityKey: bytes(8 * 1024 + 1) }],
      ['signedPreKeyId', { signedPreKeyId: -1 }],
      ['signedPreKeyId', { signedPreKeyId: '1' }],
      ['signedPreKeyId', { signedPreKeyId: 4_294_967_296 }],
      ['signedPreKey', { signedPreKey: 'AAA' }],
      ['signedPreKeySignature', { signedPreKeySignature: 'AA=A' }],
      ['signedPreKeySignature', { signedPreKeySignature: undefined }],
      ['signedPreKeyExpiresAt', { signedPreKeyExpiresAt: 'tomorrow' }],
      ['algorithm', { algorithm: 'x'.repeat(33) }],
      ['oneTimePreKeys', { oneTimePreKeys: makePreKeys(201) }],
      ['oneTimePreKeys.1.publicKey', { oneTimePreKeys: [...makePreKeys(1), { keyId: 7, publicKey: '*' }] }],
      ['oneTimePreKeys.0.keyId', { oneTimePreKeys: [{ keyId: 1.5, publicKey: preKey() }] }],
      ['lastResortPreKey.publicKey', { lastResortPreKey: { keyId: 7, publicKey: '-_-_' } }],
      ['pqPreKey', { pqPreKey: '====' }],
      ['meta', { meta: 'text' }],
      ['meta', { meta: { large: 'x'.repeat(8 * 1024) } }],
    ];
    for (const [field, change] of wrong) {
      assertRefused(
        await owner.upload({ ...upload, signedPreKeyId: 5, ...change }),
        400,
        'invalid_request',
        field,
      );
    }
    assert.equal(assertPublic(await owner.me()).signedPreKeyId, 1);
    assert.equal(await stock(owner), 1);
  });
});
