import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyBundle, KeyBundles } from '@blindpost/protocol/relay';
import { makeBundle, makeIdentity, signBundle } from '@blindpost/testbed/keys';
import type { Wire } from '@blindpost/testbed/wire';
import { assertOk, assertRefused, member } from './answers.js';
import { onEveryStore } from './stage.js';

/** Ids of the prekeys that `times` fetches by one client got; null where there was none. */
async function take(client: Wire, hash: string, times: number): Promise<(number | null)[]> {
  const answers = await Promise.all(
    Array.from({ length: times }, () => client.get(`/keys/fetch?user=${hash}`)),
  );
  return answers.map((answer) => assertOk(answer, KeyBundle).preKey?.id ?? null);
}

await onEveryStore('key fetch', (stage) => {
  const clients = (count: number) =>
    Array.from({ length: count }, (_, n) => stage.client(`127.0.1.${n + 1}`));

  test('several hashes give a map in which unknown ones are absent', async () => {
    const [a, b, unknown] = [makeIdentity(), makeIdentity(), makeIdentity()];
    await Promise.all([stage.wire.upload(a), stage.wire.upload(b)]);
    const both = await stage.wire.get(`/keys/fetch?hashes=${a.hash},${unknown.hash},${b.hash}`);
    assert.deepEqual(Object.keys(assertOk(both, KeyBundles)).sort(), [a.hash, b.hash].sort());
    const single = await stage.wire.get(`/keys/fetch?hashes=${a.hash}`);
    assert.deepEqual(Object.keys(assertOk(single, KeyBundles)), [a.hash]);
    assert.deepEqual(assertOk(await stage.wire.get(`/keys/fetch?hashes=${unknown.hash}`), KeyBundles), {});
  });

  test('one user= gives the bare bundle or 404, several a map', async () => {
    const [a, b] = [makeIdentity(), makeIdentity()];
    await Promise.all([stage.wire.upload(a), stage.wire.upload(b)]);
    const one = assertOk(await stage.wire.get(`/keys/fetch?user=${a.hash}`), KeyBundle);
    assert.equal(one.identity_hash, a.hash);
    const two = assertOk(await stage.wire.get(`/keys/fetch?user=${a.hash},${b.hash}`), KeyBundles);
    assert.equal(Object.keys(two).length, 2);
    const unknown = await stage.wire.get(`/keys/fetch?user=${makeIdentity().hash}`);
    assertRefused(unknown, 404, 'ERR_NOT_FOUND');
  });

  test('ten hashes at most, and each must be one', async () => {
    const hashes = (count: number) => Array.from({ length: count }, () => makeIdentity().hash).join(',');
    assert.equal((await stage.wire.get(`/keys/fetch?hashes=${hashes(10)}`)).status, 200);
    for (const query of [`hashes=${hashes(11)}`, 'hashes=abc', 'hashes=', `hashes=${hashes(1)},`]) {
      assertRefused(await stage.wire.get(`/keys/fetch?${query}`), 400, 'ERR_MALFORMED', 'hashes');
    }
    assertRefused(await stage.wire.get('/keys/fetch?user=zz'), 400, 'ERR_MALFORMED', 'user');
    assertRefused(await stage.wire.get('/keys/fetch'), 400, 'ERR_MALFORMED');
  });

  test('20 prekeys to 20 racing fetches from 5 addresses: each once, then null with 200', async () => {
    const identity = makeIdentity();
    await stage.wire.upload(identity, { preKeys: 20 });
    const taken = (await Promise.all(clients(5).map((client) => take(client, identity.hash, 4)))).flat();
    assert.equal(new Set(taken).size, 20);
    assert.ok(!taken.includes(null));
    assert.deepEqual(await take(stage.client('127.0.1.9'), identity.hash, 1), [null]);
  });

  test('an address gets 5 prekeys of one target in an hour, then null, while others still get theirs', async () => {
    const identity = makeIdentity();
    await stage.wire.upload(identity, { preKeys: 20 });
    const greedy = stage.client('127.0.1.20');
    const taken = await take(greedy, identity.hash, 8);
    assert.equal(taken.filter((id) => id !== null).length, 5);
    const [other] = await take(stage.client('127.0.1.21'), identity.hash, 1);
    assert.notEqual(other, null);
    const another = makeIdentity();
    await stage.wire.upload(another);
    assert.notEqual((await take(greedy, another.hash, 1))[0], null);
  });

  test('naming one target many times in a request does not pass the limit', async () => {
    const identity = makeIdentity();
    await stage.wire.upload(identity, { preKeys: 20 });
    const greedy = stage.client('127.0.1.22');
    for (let n = 0; n < 2; n += 1) {
      await greedy.get(`/keys/fetch?hashes=${Array.from({ length: 10 }, () => identity.hash).join(',')}`);
    }
    const fair = await Promise.all(
      Array.from({ length: 3 }, (_, n) => take(stage.client(`127.0.1.${n + 23}`), identity.hash, 5)),
    );
    assert.equal(fair.flat().filter((id) => id !== null).length, 15);
  });

  test('all addresses together get 60 prekeys of one target in an hour', async () => {
    const identity = makeIdentity();
    await stage.wire.upload(identity, { preKeys: 100 });
    const taken = await Promise.all(clients(16).map((client) => take(client, identity.hash, 5)));
    const ids = taken.flat().filter((id) => id !== null);
    assert.equal(ids.length, 60);
    assert.equal(new Set(ids).size, 60);
  });

  test('a prekey that was handed out never comes again, even when it is uploaded again', async () => {
    const identity = makeIdentity();
    const body = signBundle(identity, makeBundle(identity, { preKeys: 3 }));
    await stage.wire.uploadBody(identity.hash, body);
    const [first] = await take(stage.client('127.0.1.30'), identity.hash, 1);
    const again = await stage.wire.uploadBody(identity.hash, body);
    assert.equal(again.json.preKeys, 2);
    const rest = await take(stage.client('127.0.1.31'), identity.hash, 3);
    assert.equal(rest.filter((id) => id !== null).length, 2);
    assert.ok(!rest.includes(first ?? null));
  });

  test('the same prekey twice in one upload is handed out once', async () => {
    const identity = makeIdentity();
    const bundle = makeBundle(identity, { preKeys: 1 });
    const doubled = signBundle(identity, { ...bundle, preKeys: [...bundle.preKeys, ...bundle.preKeys] });
    assert.equal((await stage.wire.uploadBody(identity.hash, doubled)).status, 200);
    const taken = await take(stage.client('127.0.1.32'), identity.hash, 3);
    assert.equal(taken.filter((id) => id !== null).length, 1);
  });

  test('fetching tells nothing of the remaining prekeys', async () => {
    const identity = makeIdentity();
    await stage.wire.upload(identity, { preKeys: 7 });
    const fetched = (await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).json;
    assert.equal('preKeys' in fetched, false);
    assert.equal(typeof member(fetched.preKey, 'publicKey'), 'string');
  });
});
