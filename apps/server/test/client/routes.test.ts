import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Identity, RelayHttp } from '@blindpost/client/relay';
import { randomBase64 } from '@blindpost/testbed/keys';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { People, until } from './people.js';

let server: TestServer;
const people = new People(() => server.url);

before(async () => {
  server = await startServer();
});
after(async () => {
  await people.leave();
  await server.stop();
});

function make() {
  const identity = Identity.create();
  return { identity, http: new RelayHttp({ url: server.url, identity }) };
}

/** What an application publishes; opaque to the relay but for the lengths. */
function parts(preKeys: number) {
  return {
    pq_identityKey: randomBase64(1568),
    signedPreKey: {
      id: 1,
      publicKey: randomBase64(32),
      signature: randomBase64(64),
      pq_publicKey: randomBase64(1568),
      pq_signature: randomBase64(64),
    },
    preKeys: Array.from({ length: preKeys }, (_, id) => ({ id, publicKey: randomBase64(32) })),
  };
}

test('uploaded keys are fetched as they were, each one-time prekey once, unknown identities absent', async () => {
  const { identity, http } = make();
  const uploaded = parts(2);
  assert.deepEqual(await http.uploadKeys(uploaded), { preKeys: 2 });
  const reader = make().http;
  const unknown = Identity.create().hash;
  const preKeys: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    const bundles = await reader.fetchKeys([identity.hash, unknown]);
    assert.deepEqual([...bundles.keys()], [identity.hash]);
    const bundle = bundles.get(identity.hash);
    assert.equal(bundle?.identityKey, identity.publicKey);
    assert.equal(bundle?.pq_identityKey, uploaded.pq_identityKey);
    assert.deepEqual(bundle?.signedPreKey, uploaded.signedPreKey);
    preKeys.push(bundle?.preKey);
  }
  assert.deepEqual(new Set(preKeys), new Set([...uploaded.preKeys, null]));
});

test('more than ten bundles are fetched in several requests', async () => {
  const all = Array.from({ length: 11 }, make);
  await Promise.all(all.map(({ http }) => http.uploadKeys(parts(1))));
  const hashes = all.map(({ identity }) => identity.hash);
  const bundles = await make().http.fetchKeys(hashes);
  assert.deepEqual([...bundles.keys()], hashes);
});

test('only who chose to be found is among the decoys', async () => {
  const [found, hidden] = [make(), make()];
  await found.http.uploadKeys({ ...parts(0), discoverable: true });
  await hidden.http.uploadKeys({ ...parts(0), discoverable: false });
  const hashes = await make().http.randomHashes(20);
  assert.ok(hashes.includes(found.identity.hash));
  assert.ok(!hashes.includes(hidden.identity.hash));
});

test('a nickname belongs to who registered it', async () => {
  const { identity, http } = make();
  await http.registerNickname('Some_One');
  await assert.rejects(make().http.registerNickname('some_one'), { code: 'ERR_TAKEN' });
  assert.equal((await make().http.lookupNickname('SOME_ONE'))?.identity_hash, identity.hash);
  assert.equal(await make().http.lookupNickname('no_one'), null);
});

test('without a socket a message and a multicast are paid for and queued', async () => {
  const ben = people.make();
  const to = ben.client.hash;
  const { http } = make();
  assert.equal((await http.sendOnce(to, { one: 1 })).status, 'queued');
  const targets = [
    { to, body: 'two' },
    { to: 'no.such.alias', body: 'three' },
  ];
  assert.deepEqual(await http.multicastOnce(targets), [
    { to, status: 'queued' },
    { to: 'no.such.alias', status: 'refused', error: 'ERR_NOT_FOUND' },
  ]);
  await ben.client.connect();
  const messages = ben.client.messages();
  assert.deepEqual((await messages.next()).value?.body, { one: 1 });
  assert.equal((await messages.next()).value?.body, 'two');
});

test('who burns an identity is gone everywhere, and its clients stay away', async () => {
  const anna = await people.join();
  await anna.client.uploadKeys(parts(1));
  await anna.client.registerNickname('burning');
  const pending = anna.client.messages().next();
  await anna.client.burn();
  assert.equal(anna.client.state, 'burned');
  assert.equal((await pending).done, true);
  await assert.rejects(anna.client.send(anna.client.hash, 1), { code: 'burned' });
  await assert.rejects(anna.client.connect(), { code: 'burned' });
  const reader = make().http;
  assert.equal((await reader.fetchKeys([anna.client.hash])).size, 0);
  assert.equal(await reader.lookupNickname('burning'), null);
});

test('a client whose identity is burned by another does not bring it back', async () => {
  const anna = await people.join();
  const pending = anna.client.messages().next();
  await new RelayHttp({ url: server.url, identity: anna.identity }).burn();
  assert.equal((await pending).done, true);
  assert.equal(anna.client.state, 'burned');
  await until(() => anna.states.includes('burned'));
  assert.deepEqual(anna.states, ['connecting', 'open', 'burned']);
});

test('hex digits of work are solved too', async () => {
  const other = await startServer({ env: { RELAY_POW_UNIT: 'hex', RELAY_POW_DIFFICULTY: '2' } });
  const { client } = await people.join({ url: other.url });
  assert.equal((await client.send(client.hash, 1)).status, 'delivered');
  await client.close();
  await other.stop();
});
