/** Accounts and the e2ee SDK against real servers, also ones that are killed. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AccountKey, AccountLogin, register } from '@blindpost/client/accounts';
import {
  E2eeClient,
  type E2eeClientOptions,
  type KeyUpload,
  type PreKeyNeed,
  type ReceivedEnvelope,
} from '@blindpost/client/e2ee';
import { freePort } from '@blindpost/testbed/ports';
import { type ServerOptions, startServer, type TestServer } from '@blindpost/testbed/server';
import { until } from './people.js';

interface Member {
  accountId: string;
  login: AccountLogin;
  client: E2eeClient;
  received: ReceivedEnvelope[];
  errors: Error[];
}

const ENVELOPES = 200;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

let folder: string;
/** For the tests that do not end it. */
let shared: TestServer;
const servers: TestServer[] = [];
const clients: E2eeClient[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blindpost-e2ee-'));
  shared = await start();
});
after(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(env: ServerOptions['env'] = {}): Promise<TestServer> {
  const server = await startServer({ services: ['e2ee'], env });
  servers.push(server);
  return server;
}

/** A new account with a live client that keeps what it is given. */
async function enter(url: string, options: Partial<E2eeClientOptions> = {}): Promise<Member> {
  const key = AccountKey.create();
  const accountId = await register({ url, key });
  const login = new AccountLogin({ url, accountId, key });
  const received: ReceivedEnvelope[] = [];
  const errors: Error[] = [];
  const client = new E2eeClient({
    url,
    tokens: login,
    onEnvelope: (envelope) => void received.push(envelope),
    onError: (error) => errors.push(error),
    ...options,
  });
  clients.push(client);
  await client.open();
  return { accountId, login, client, received, errors };
}

const texts = (envelopes: readonly { ciphertext: Uint8Array }[]) =>
  envelopes.map(({ ciphertext }) => decoder.decode(ciphertext));
const send = (from: Member, to: Member, text: string) =>
  from.client.send({ recipientId: to.accountId, ciphertext: encoder.encode(text) });

/** Nothing waits: every acknowledgement arrived. */
async function emptied({ client }: Member): Promise<void> {
  for (;;) {
    const { envelopes } = await client.pending();
    if (envelopes.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('200 envelopes each way through a server killed twice: none lost, doubled or out of order', async () => {
  const env = { PORT: String(await freePort()), DATA_DIR: join(folder, 'killed') };
  let server = await start(env);
  const [anna, ben] = [await enter(server.url), await enter(server.url)];
  const plain = Array.from({ length: ENVELOPES }, (_, n) => `${n}`);
  const exchanged = [anna, ben].map(async (from) => {
    const to = from === anna ? ben : anna;
    const sent: ReturnType<typeof send>[] = [];
    for (const text of plain) {
      sent.push(send(from, to, text));
      // So that both ends of the exchange are under way when the server dies.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return Promise.all(sent);
  });
  for (const part of [1 / 4, 1 / 2]) {
    await until(() => [anna, ben].every(({ received }) => received.length >= ENVELOPES * part));
    await server.kill();
    server = await start(env);
  }
  const answers = await Promise.all(exchanged);
  await until(() => [anna, ben].every(({ received }) => received.length >= ENVELOPES));
  for (const [from, to] of [
    [0, ben],
    [1, anna],
  ] as const) {
    await emptied(to);
    assert.deepEqual(texts(to.received), plain);
    const sequences = Array.from({ length: ENVELOPES }, (_, n) => n + 1);
    assert.deepEqual(
      to.received.map(({ sequence }) => sequence),
      sequences,
    );
    assert.deepEqual(
      answers[from]?.map(({ id, sequence }) => [id, sequence]),
      to.received.map(({ id, sequence }) => [id, sequence]),
    );
  }
});

test('what waits while nobody is there comes when somebody is, oldest first', async () => {
  const anna = await enter(shared.url);
  const ben = await enter(shared.url);
  await ben.client.close();
  const plain = Array.from({ length: 150 }, (_, n) => `${n}`);
  await Promise.all(plain.map((text) => send(anna, ben, text)));
  const received: ReceivedEnvelope[] = [];
  const back = new E2eeClient({
    url: shared.url,
    tokens: ben.login,
    inbox: 8,
    onEnvelope: (envelope) => void received.push(envelope),
  });
  clients.push(back);
  await back.open();
  await until(() => received.length === plain.length);
  assert.deepEqual(texts(received), plain);
});

test('a send repeated under one id is stored once, with other content it is refused', async () => {
  const [anna, ben] = [await enter(shared.url), await enter(shared.url)];
  const envelope = {
    recipientId: ben.accountId,
    clientMessageId: 'one',
    ciphertext: encoder.encode('a'),
    header: new Uint8Array([1, 2, 3]),
    meta: { ratchet_step: 1 },
  };
  const answers = await Promise.all(Array.from({ length: 8 }, () => anna.client.send(envelope)));
  assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
  await assert.rejects(anna.client.send({ ...envelope, ciphertext: encoder.encode('b') }), {
    code: 'idempotency_mismatch',
  });
  await assert.rejects(anna.client.send({ ...envelope, recipientId: anna.accountId }), {
    code: 'self_recipient',
  });
  await until(() => ben.received.length === 1);
  assert.deepEqual(ben.received[0]?.header, envelope.header);
  assert.deepEqual(ben.received[0]?.meta, envelope.meta);
});

test('keys go up, a peer opens a session by them, and a stock that runs low is filled', async () => {
  const needs: PreKeyNeed[] = [];
  const upload = (from: number, count: number): KeyUpload => ({
    identityKey: new Uint8Array(32).fill(1),
    signedPreKeyId: 1,
    signedPreKey: new Uint8Array(32).fill(2),
    signedPreKeySignature: new Uint8Array(64).fill(3),
    oneTimePreKeys: Array.from({ length: count }, (_, n) => ({
      keyId: from + n,
      publicKey: crypto.getRandomValues(new Uint8Array(32)),
    })),
  });
  const anna = await enter(shared.url, {
    preKeys: async (need) => {
      needs.push(need);
      return upload(need.firstId ?? 1, need.count);
    },
  });
  const ben = await enter(shared.url);
  await until(() => needs.length === 1);
  for (;;) {
    const { oneTimePreKeys } = await anna.client.keyStatus();
    if (oneTimePreKeys === 100) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { oneTimePreKey, accountId, signedPreKey } = await ben.client.bundle(anna.accountId);
  assert.equal(accountId, anna.accountId);
  assert.deepEqual(signedPreKey, new Uint8Array(32).fill(2));
  assert.equal(oneTimePreKey?.publicKey.length, 32);
  const claimed = await ben.client.claim(anna.accountId);
  assert.notEqual(claimed.oneTimePreKey?.keyId, oneTimePreKey?.keyId);
  assert.equal((await anna.client.myBundle()).oneTimePreKey, null);
  const session = await ben.client.ensureSession(anna.accountId, { hint: 'x3dh-v1' });
  assert.equal(session.hint, 'x3dh-v1');
  assert.deepEqual(needs, [{ count: 100 }]);
});

test('a sender key is distributed as envelopes of type 1', async () => {
  const [anna, ben, cleo] = [await enter(shared.url), await enter(shared.url), await enter(shared.url)];
  const items = [ben, cleo].map(({ accountId }) => ({
    recipientId: accountId,
    ciphertext: encoder.encode('key'),
  }));
  assert.equal(await anna.client.distribute({ groupId: 'room', items }), 2);
  await until(() => ben.received.length === 1 && cleo.received.length === 1);
  assert.deepEqual([ben.received[0]?.type, cleo.received[0]?.groupId], [1, 'room']);
});

test('a revoked token ends the socket, and the client logs in again', async () => {
  const states: string[] = [];
  const anna = await enter(shared.url, { onState: (state) => states.push(state) });
  await anna.login.revoke({ all: true });
  await until(() => states.filter((state) => state === 'open').length === 2);
  assert.equal((await anna.client.pending()).hasMore, false);
});

test('a deleted account is gone for its own client and for those who write to it', async () => {
  const [anna, ben] = [await enter(shared.url), await enter(shared.url)];
  await ben.client.close();
  await ben.login.deleteAccount();
  await assert.rejects(send(anna, ben, 'x'), { code: 'not_found' });
  await assert.rejects(ben.login.token(), { code: 'unauthorized' });
});
