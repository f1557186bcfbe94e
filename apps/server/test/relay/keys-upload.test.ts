import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyUploadAnswer } from '@blindpost/protocol/relay';
import {
  makeBundle,
  makeIdentity,
  randomBase64,
  signBundle,
  type TestIdentity,
} from '@blindpost/testbed/keys';
import { assertOk, assertRefused, member } from './answers.js';
import { onEveryStore } from './stage.js';

await onEveryStore('key upload', (stage) => {
  const upload = (identity: TestIdentity, body: unknown) => stage.wire.uploadBody(identity.hash, body);

  test('a signed bundle is taken and comes back as it was signed, with one prekey', async () => {
    const identity = makeIdentity();
    const body = signBundle(identity, makeBundle(identity, { preKeys: 3 }));
    const answer = assertOk(await upload(identity, body), KeyUploadAnswer);
    assert.deepEqual(answer, { status: 'success', preKeys: 3 });
    const { preKey, ...bundle } = (await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).json;
    const { preKeys, ...rest } = body;
    assert.deepEqual(bundle, rest);
    assert.ok(
      preKeys.some(
        ({ id, publicKey }) => member(preKey, 'id') === id && member(preKey, 'publicKey') === publicKey,
      ),
    );
  });

  test('a hundred prekeys are taken, a hundred and one are malformed, none is fine', async () => {
    for (const preKeys of [100, 0]) {
      const identity = makeIdentity();
      const body = signBundle(identity, makeBundle(identity, { preKeys }));
      assert.equal(assertOk(await upload(identity, body), KeyUploadAnswer).preKeys, preKeys);
    }
    const identity = makeIdentity();
    const body = signBundle(identity, makeBundle(identity, { preKeys: 101 }));
    assertRefused(await upload(identity, body), 400, 'ERR_MALFORMED', 'preKeys');
  });

  test('a body of 64 KiB is taken, one byte more is too large', async () => {
    const sized = (identity: TestIdentity, bytes: number): string => {
      const body = JSON.stringify(signBundle(identity, makeBundle(identity)));
      return body.slice(0, -1) + ' '.repeat(bytes - body.length) + body.slice(-1);
    };
    const [fits, exceeds] = [makeIdentity(), makeIdentity()];
    assert.equal((await upload(fits, sized(fits, 65_536))).status, 200);
    assertRefused(await upload(exceeds, sized(exceeds, 65_537)), 413, 'ERR_TOO_LARGE');
  });

  test('every member is required', async () => {
    const identity = makeIdentity();
    const body = signBundle(identity, makeBundle(identity));
    for (const name of [
      'identity_hash',
      'identityKey',
      'pq_identityKey',
      'signedPreKey',
      'preKeys',
      'bundle_signature',
    ]) {
      const { [name]: _, ...rest }: Record<string, unknown> = { ...body };
      assertRefused(await upload(identity, rest), 400, 'ERR_MALFORMED', name);
    }
    for (const name of ['id', 'publicKey', 'signature', 'pq_publicKey', 'pq_signature']) {
      const { [name]: _, ...signedPreKey }: Record<string, unknown> = { ...body.signedPreKey };
      const answer = await upload(identity, { ...body, signedPreKey });
      assertRefused(answer, 400, 'ERR_MALFORMED', `signedPreKey.${name}`);
    }
  });

  test('keys of a wrong length or another alphabet are malformed', async () => {
    const identity = makeIdentity();
    const bundle = makeBundle(identity);
    const wrong: [string, unknown][] = [
      ['identityKey', randomBase64(31)],
      ['identityKey', ''],
      ['identityKey', 5],
      ['identityKey', null],
      ['identityKey', `${'-'.repeat(43)}=`],
      ['identityKey', identity.publicKey.replace('=', '')],
      ['identityKey', ` ${identity.publicKey}`],
      ['pq_identityKey', randomBase64(1567)],
      ['preKeys', {}],
      ['preKeys', 'none'],
      ['signedPreKey', []],
      ['discoverable', 'yes'],
    ];
    for (const [name, value] of wrong) {
      const body = { ...signBundle(identity, bundle), [name]: value };
      const answer = await upload(identity, body);
      assert.equal(answer.status, 400, `${name} = ${JSON.stringify(value)}: ${answer}`);
      assert.equal(answer.json.error, 'ERR_MALFORMED');
    }
    const ids = [-1, 1.5, 4_294_967_296, '1', null];
    for (const id of ids) {
      const body = { ...signBundle(identity, bundle), preKeys: [{ id, publicKey: randomBase64(32) }] };
      assertRefused(await upload(identity, body), 400, 'ERR_MALFORMED', 'preKeys.0.id');
    }
  });

  test('one key has one spelling: stray bits in the last Base64 symbol are malformed', async () => {
    const identity = makeIdentity();
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const last = letters.indexOf(identity.publicKey.charAt(42));
    const identityKey = `${identity.publicKey.slice(0, 42)}${letters.charAt(last + 1)}=`;
    assert.deepEqual(Buffer.from(identityKey, 'base64'), Buffer.from(identity.publicKey, 'base64'));
    const body = signBundle(identity, { ...makeBundle(identity), identityKey });
    assertRefused(await upload(identity, body), 400, 'ERR_MALFORMED', 'identityKey');
  });

  test('a hash that is not the key, and a signature by another key, are forbidden', async () => {
    const [identity, other] = [makeIdentity(), makeIdentity()];
    const body = signBundle(identity, makeBundle(identity));
    assertRefused(await upload(other, { ...body, identity_hash: other.hash }), 403, 'ERR_FORBIDDEN');
    const signed = signBundle(other, makeBundle(identity));
    assertRefused(await upload(identity, { ...signed, identity_hash: identity.hash }), 403, 'ERR_FORBIDDEN');
    const zero = Buffer.alloc(64).toString('base64');
    assertRefused(await upload(identity, { ...body, bundle_signature: zero }), 403, 'ERR_FORBIDDEN');
  });

  test('the signature covers every key: exchanging any of them is forbidden', async () => {
    const identity = makeIdentity();
    const body = signBundle(identity, makeBundle(identity));
    const other = makeBundle(identity);
    const changed = [
      { ...body, pq_identityKey: other.pq_identityKey },
      { ...body, signedPreKey: other.signedPreKey },
      { ...body, signedPreKey: { ...body.signedPreKey, id: 2 } },
      { ...body, preKeys: other.preKeys },
      { ...body, preKeys: body.preKeys.slice(1) },
      { ...body, preKeys: [...body.preKeys].reverse() },
      { ...body, signedPreKey: { ...body.signedPreKey, unsigned: 1 } },
    ];
    for (const each of changed) assertRefused(await upload(identity, each), 403, 'ERR_FORBIDDEN');
    assert.equal((await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).status, 404);
  });

  test('members inside the signed parts travel as received, in their order; those beside are ignored', async () => {
    const identity = makeIdentity();
    const bundle = makeBundle(identity);
    const { id, publicKey, ...rest } = bundle.signedPreKey;
    const reordered = { ...bundle, signedPreKey: { note: { z: [1, null], a: 'ä' }, publicKey, ...rest, id } };
    const body = { beside: 'ignored', ...signBundle(identity, reordered) };
    assert.equal((await upload(identity, body)).status, 200);
    const fetched = (await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).json;
    assert.equal(JSON.stringify(fetched.signedPreKey), JSON.stringify(reordered.signedPreKey));
    assert.equal('beside' in fetched, false);
  });

  test('a later upload replaces the bundle', async () => {
    const identity = makeIdentity();
    await stage.wire.upload(identity);
    const second = signBundle(identity, makeBundle(identity, { preKeys: 5, firstId: 50 }));
    assert.equal(assertOk(await upload(identity, second), KeyUploadAnswer).preKeys, 5);
    const fetched = (await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).json;
    assert.equal(fetched.bundle_signature, second.bundle_signature);
    assert.ok(Number(member(fetched.preKey, 'id')) >= 50);
  });

  test('a body that is no JSON object, or not called JSON, is malformed', async () => {
    const identity = makeIdentity();
    for (const body of ['', '{', 'null', '[]', '"text"', '1', '{"identity_hash":}']) {
      const answer = await upload(identity, body);
      assertRefused(answer, 400, 'ERR_MALFORMED');
    }
    const body = JSON.stringify(signBundle(identity, makeBundle(identity)));
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream']) {
      const headers = { ...(await stage.wire.paid(identity.hash)), 'content-type': type };
      assertRefused(await stage.wire.post('/keys/upload', body, headers), 400, 'ERR_MALFORMED');
    }
  });
});
