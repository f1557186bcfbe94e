/** Chats among peers, strangers and servers that mean no good. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServiceError, type WireEvent } from '@blindpost/client';
import { AccountKey, AccountLogin, register } from '@blindpost/client/accounts';
import { E2eeHttp } from '@blindpost/client/e2ee';
import { Identity, RelayClient } from '@blindpost/client/relay';
import { Conversation, IdentityKeys, peerBundleOfE2ee, seal, unseal } from '@blindpost/session';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { Chats, CopyStore, RecordingStore, ratchetHeader, storeOf } from './chats.js';
import { until } from './people.js';

let server: TestServer;
const chats = new Chats();
const strangers: RelayClient[] = [];

before(async () => {
  server = await startServer({ services: ['relay', 'e2ee'] });
});
after(async () => {
  await chats.close();
  await Promise.all(strangers.map((client) => client.close()));
  await server.stop();
});

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const codes = ({ errors }: { errors: { code: unknown }[] }) => errors.map(({ code }) => code);

/** Somebody with a socket and no scruples. */
async function stranger(): Promise<RelayClient> {
  const client = new RelayClient({ url: server.url, identity: Identity.create(), rate: false });
  strangers.push(client);
  await client.connect();
  return client;
}

/** Chats by the relay whose stores show what they hold. */
async function pair() {
  const [annaStore, benStore] = [new RecordingStore(), new RecordingStore()];
  const anna = await chats.open(server.url, { store: annaStore });
  const ben = await chats.open(server.url, { store: benStore });
  const secret = await benStore.get('identity');
  assert.ok(secret !== undefined);
  return { anna, ben, annaStore, benKeys: IdentityKeys.fromSecret(secret) };
}

test('no address is taken for a peer that is none, or nobody', async () => {
  const [relay, e2ee] = [await chats.open(server.url), await chats.open(server.url, { via: 'e2ee' })];
  const account = e2ee.chat.address.split('#')[0] ?? '';
  for (const peer of ['', 'anna', 'A'.repeat(64), relay.chat.address, `${'a'.repeat(64)} `]) {
    await assert.rejects(relay.chat.send(peer, 'x'), { code: 'bad_peer' }, peer);
  }
  for (const peer of ['', 'a'.repeat(64), account, `${account}#`, `${crypto.randomUUID()}#a`]) {
    await assert.rejects(e2ee.chat.send(peer, 'x'), { code: 'bad_peer' }, peer);
  }
  await assert.rejects(relay.chat.send('a'.repeat(64), 'x'), { code: 'unknown_peer' });
  await assert.rejects(e2ee.chat.send(crypto.randomUUID(), 'x'), { code: 'unknown_peer' });
  const keyless = await register({ url: server.url, key: AccountKey.create() });
  await assert.rejects(e2ee.chat.send(keyless, 'x'), { code: 'unknown_peer' });
  assert.deepEqual([await relay.chat.peers(), await e2ee.chat.peers()], [[], []]);
});

test('a text that does not fit is refused before anything is encrypted, and the largest arrives', async () => {
  for (const via of ['relay', 'e2ee'] as const) {
    const [anna, ben] = [await chats.open(server.url, { via }), await chats.open(server.url, { via })];
    const refusal: unknown = await anna.chat
      .send(ben.chat.address, 'é'.repeat(200_000))
      .catch((error) => error);
    assert.ok(refusal instanceof ServiceError && refusal.code === 'too_large');
    assert.deepEqual(await anna.chat.peers(), []);
    const { max, size } = refusal.details;
    assert.ok(typeof max === 'number' && typeof size === 'number');
    const largest = 'x'.repeat(max - (size - 400_000));
    await assert.rejects(anna.chat.send(ben.chat.address, `${largest}x`), { code: 'too_large' });
    await anna.chat.send(ben.chat.address, largest);
    await until(() => ben.got.length === 1);
    assert.equal(ben.got[0]?.text, largest);
    assert.deepEqual([...anna.errors, ...ben.errors], []);
  }
});

test('what a stranger makes up, or sends again, is told or passed over and holds nothing up', async () => {
  const { anna, ben, annaStore } = await pair();
  await anna.chat.send(ben.chat.address, 'a');
  await until(() => ben.got.length === 1);
  const mallory = await stranger();
  const [sealed] = annaStore.sealed;
  assert.ok(sealed !== undefined);
  const changed = Uint8Array.from(sealed);
  changed[sealed.length - 1] = (changed[sealed.length - 1] ?? 0) ^ 1;
  for (const body of ['', 'no Base64!', { a: 1 }, base64(Uint8Array.of(1, 4)), base64(changed)]) {
    await mallory.send(ben.chat.address, body);
  }
  for (const again of [sealed, sealed]) await mallory.send(ben.chat.address, base64(again));
  await anna.chat.send(ben.chat.address, 'b');
  await until(() => ben.got.length === 2);
  assert.deepEqual(
    ben.got.map(({ text }) => text),
    ['a', 'b'],
  );
  assert.deepEqual(codes(ben), Array(5).fill('bad_message'));
  assert.equal((await ben.chat.history(anna.chat.address)).length, 2);
});

test('a message tampered with inside its seal is told, its session is renewed once, and all goes on', async () => {
  const { anna, ben, annaStore, benKeys } = await pair();
  await anna.chat.send(ben.chat.address, 'a');
  await until(() => ben.got.length === 1);
  const [sealed] = annaStore.sealed;
  assert.ok(sealed !== undefined);
  const { senderIdentityKey, message } = unseal(benKeys, sealed);
  const mallory = await stranger();
  for (const at of [1, 40, message.length - 1, message.length - 300]) {
    const changed = Uint8Array.from(message);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await mallory.send(ben.chat.address, base64(seal(benKeys.publicKey, senderIdentityKey, changed)));
  }
  // One of them looks like what was read before, and is passed over.
  await until(() => ben.errors.length === 3);
  assert.deepEqual(codes(ben), Array(3).fill('bad_message'));
  for (const text of ['b', 'c']) await anna.chat.send(ben.chat.address, text);
  await ben.chat.send(anna.chat.address, 'd');
  await until(() => ben.got.length === 3 && anna.got.length === 1);
  assert.deepEqual(
    ben.got.map(({ text }) => text),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(anna.errors, []);
  const headers = annaStore.sealed.map((each) => ratchetHeader(benKeys, each));
  assert.equal(new Set(headers).size, headers.length);
});

test('nobody is written from whose name another claims', async () => {
  const { anna, ben, annaStore, benKeys } = await pair();
  const carl = await chats.open(server.url);
  await anna.chat.send(ben.chat.address, 'a');
  await until(() => ben.got.length === 1);
  const [sealed] = annaStore.sealed;
  assert.ok(sealed !== undefined);
  const { message } = unseal(benKeys, sealed);
  // A message of anna's under the name of another identity.
  const other = IdentityKeys.create();
  const mallory = await stranger();
  await mallory.send(ben.chat.address, base64(seal(benKeys.publicKey, other.publicKey, message)));
  await carl.chat.send(ben.chat.address, 'b');
  await until(() => ben.got.length === 2);
  assert.deepEqual(
    (await ben.chat.peers()).map(({ peer }) => peer).sort(),
    [anna.chat.address, carl.chat.address].sort(),
  );
});

test('by e2ee another identity of an account is not believed until it is trusted', async () => {
  const store = new CopyStore();
  const anna = await chats.open(server.url, { via: 'e2ee' });
  const ben = await chats.open(server.url, { via: 'e2ee', store });
  const [account = ''] = ben.chat.address.split('#');
  await anna.chat.send(account, 'first');
  await until(() => ben.got.length === 1 && anna.states.some(({ state }) => state === 'received'));
  const number = await anna.chat.safetyNumber(account);
  await ben.chat.close();
  // What is sent meanwhile is for the old identity.
  await anna.chat.send(account, 'meanwhile');
  await anna.chat.flush();

  const kept = store.kept.filter(([key]) => key === 'account');
  const again = await chats.open(server.url, { via: 'e2ee', store: await storeOf(kept) });
  assert.notEqual(again.chat.address, ben.chat.address);
  assert.equal(again.chat.address.split('#')[0], account);
  await again.chat.send(anna.chat.address.split('#')[0] ?? '', 'it is me');
  await until(() => codes(anna).includes('identity_changed'));
  assert.equal(anna.got.length, 0);
  assert.deepEqual(await anna.chat.peers(), [{ peer: ben.chat.address, changed: true }]);
  await assert.rejects(anna.chat.send(account, 'x'), { code: 'identity_changed' });
  await assert.rejects(anna.chat.send(again.chat.address, 'x'), { code: 'identity_changed' });

  await anna.chat.trust(again.chat.address);
  await until(() => anna.got.length === 1);
  const [first] = await anna.chat.history(account, { limit: 1 });
  assert.deepEqual([first?.text, first?.from], ['it is me', again.chat.address]);
  await until(() => again.got.length === 1);
  assert.equal(again.got[0]?.text, 'meanwhile');
  await anna.chat.send(account, 'after');
  await until(() => again.got.length === 2);
  assert.notEqual(await anna.chat.safetyNumber(account), number);
  assert.deepEqual(await anna.chat.peers(), [{ peer: again.chat.address, changed: false }]);
});

test('by e2ee an address that names an identity is held to it', async () => {
  const [anna, ben] = [
    await chats.open(server.url, { via: 'e2ee' }),
    await chats.open(server.url, { via: 'e2ee' }),
  ];
  const [account = ''] = ben.chat.address.split('#');
  await assert.rejects(anna.chat.send(`${account}#${'a'.repeat(64)}`, 'x'), { code: 'identity_changed' });
  await anna.chat.send(ben.chat.address, 'x');
  await until(() => ben.got.length === 1);
});

test('by e2ee a message is not believed to be of an account that its sender did not name', async () => {
  const ben = await chats.open(server.url, { via: 'e2ee' });
  const [recipientId = ''] = ben.chat.address.split('#');
  const key = AccountKey.create();
  const accountId = await register({ url: server.url, key });
  const http = new E2eeHttp({
    url: server.url,
    tokens: new AccountLogin({ url: server.url, accountId, key }),
  });
  const mallory = IdentityKeys.create();
  const bundle = peerBundleOfE2ee(await http.claim(recipientId));
  const conversation = Conversation.begin(mallory, bundle);
  const say = async (from: string, text: string, at = 1) => {
    const content = { v: 1, kind: 'text', id: crypto.randomUUID().replaceAll('-', ''), text, at, from };
    const message = conversation.encrypt(new TextEncoder().encode(JSON.stringify(content)));
    const ciphertext = seal(bundle.identityKey, mallory.publicKey, message);
    await http.send({ recipientId, ciphertext });
  };
  // As a server would pass one account's message off as another's.
  await say(crypto.randomUUID(), 'not mine');
  // No Date is as late, and what formats it throws.
  await say(accountId, 'of another age', 8_640_000_000_000_001);
  await say(accountId, 'mine');
  await until(() => ben.got.length === 1);
  assert.equal(ben.got[0]?.text, 'mine');
  assert.deepEqual(
    ben.errors.map(({ details }) => details),
    Array(2).fill({ peer: ben.got[0]?.peer, reason: 'content' }),
  );
});

test('a store is of one chat, and of one service', async () => {
  const store = new CopyStore();
  const anna = await chats.open(server.url, { via: 'e2ee', store });
  await assert.rejects(chats.open(server.url, { via: 'e2ee', store }), { code: 'store_in_use' });
  await anna.chat.close();
  await assert.rejects(chats.open(server.url, { store: await storeOf(store.kept) }), { code: 'wrong_store' });
});

test('what the server sees shows no text, and the sizes of different texts are the same', async () => {
  const { anna, ben } = await pair();
  const seen: WireEvent[] = [];
  anna.chat.onWire((event) => void seen.push(event));
  const stop = ben.chat.onWire((event) => void seen.push(event));
  await anna.chat.send(ben.chat.address, 'x');
  await until(() => seen.length >= 2);
  stop();
  await until(() => anna.states.some(({ state }) => state === 'received'));
  await anna.chat.send(ben.chat.address, 'x'.repeat(100));
  await anna.chat.send(ben.chat.address, '');
  await anna.chat.flush();
  await until(() => seen.filter(({ direction }) => direction === 'out').length >= 3);
  const out = seen.filter(({ direction }) => direction === 'out');
  assert.ok(out.every(({ size, destination }) => size % 1536 === 0 && destination === ben.chat.address));
  assert.equal(new Set(out.slice(1).map(({ size }) => size)).size, 1);
  assert.ok(out.every(({ head }) => head.length === 32));
});

test('what is no text is refused, and leaves no message that cannot be read', async () => {
  const { anna, ben } = await pair();
  for (const text of [5, null, { length: 1 }]) {
    await assert.rejects(Reflect.apply(anna.chat.send, anna.chat, [ben.chat.address, text]), TypeError);
  }
  await anna.chat.send(ben.chat.address, '\ud800 alone');
  await until(() => ben.got.length === 1);
  assert.equal(ben.got[0]?.text, '\ud800 alone');
  assert.equal((await anna.chat.history(ben.chat.address)).length, 1);
});

test('a secret that is none does not spoil a store', async () => {
  const store = new CopyStore();
  const wrong = { via: 'e2ee', store, accountSecret: new Uint8Array(31) } as const;
  await assert.rejects(chats.open(server.url, wrong), RangeError);
  const ben = await chats.open(server.url, { via: 'e2ee', store: await storeOf(store.kept) });
  assert.match(ben.chat.address, /#/);
});

test('a stranger who finds no room for one more peer holds up none of those known', async () => {
  const store = new CopyStore();
  const anna = await chats.open(server.url);
  const ben = await chats.open(server.url, { store });
  await anna.chat.send(ben.chat.address, 'a');
  await until(() => ben.got.length === 1 && anna.states.some(({ state }) => state === 'received'));
  await ben.chat.close();
  const [, known] = store.kept.find(([key]) => key.startsWith('peer/')) ?? [];
  assert.ok(known !== undefined);
  const crowd = Array.from({ length: 9_999 }, (_, n) => [`peer/${n}`.padEnd(69, 'x'), known] as const);
  const again = await chats.open(server.url, { store: await storeOf([...store.kept, ...crowd]) });
  const carl = await chats.open(server.url);
  await carl.chat.send(again.chat.address, 'from a stranger');
  await carl.chat.flush();
  await anna.chat.send(again.chat.address, 'b');
  await until(() => again.got.length === 1);
  assert.equal(again.got[0]?.text, 'b');
  assert.deepEqual(again.errors, [
    { code: 'bad_message', details: { peer: carl.chat.address, reason: 'too_many_peers' } },
  ]);
});
