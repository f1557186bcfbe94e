import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { ServiceError } from '../errors/service-error.js';
import { Backoff } from '../retry/backoff.js';
import { E2eeClient, type KeyUpload, type PreKeyNeed } from './index.js';
import { Refill, type RefillOptions } from './refill.js';
import { refusal, StandIn, until } from './stand-in.fixture.js';

const BYTES = new Uint8Array(32);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function upload({ count, firstId = 1 }: PreKeyNeed): KeyUpload {
  const oneTimePreKeys = Array.from({ length: count }, (_, n) => ({ keyId: firstId + n, publicKey: BYTES }));
  const key = { identityKey: BYTES, signedPreKeyId: 1, signedPreKey: BYTES, signedPreKeySignature: BYTES };
  return { ...key, oneTimePreKeys };
}

/** A stock that uploads fill. */
function setUp(options: Partial<RefillOptions> = {}) {
  const stock = { left: 0 };
  const needs: PreKeyNeed[] = [];
  const failures: ServiceError[] = [];
  const refill = new Refill({
    make: async (need) => {
      needs.push(need);
      return upload(need);
    },
    keyStatus: async () => ({ oneTimePreKeys: stock.left, low: stock.left < 10 }),
    uploadKeys: async ({ oneTimePreKeys }) => {
      await pause(5);
      stock.left += oneTimePreKeys?.length ?? 0;
      return Object.create(null);
    },
    failed: (error) => failures.push(error),
    backoff: new Backoff({ baseMs: 1 }),
    ...options,
  });
  return { refill, stock, needs, failures };
}

test('a low stock is filled once, however often that is told; the next one goes on after its ids', async () => {
  const { refill, stock, needs } = setUp();
  for (let i = 0; i < 10; i++) refill.look();
  await until(() => stock.left === 100);
  await pause(5);
  refill.look();
  await pause(5);
  assert.deepEqual(needs, [{ count: 100 }]);
  stock.left = 9;
  refill.look();
  await until(() => stock.left === 100);
  assert.deepEqual(needs.at(-1), { count: 91, firstId: 101 });
});

test('a refill that failed is tried again until it succeeds, and says why', async () => {
  let failing = 2;
  const { refill, stock, failures } = setUp({
    make: async (need) => {
      if (failing-- > 0) throw new Error('locked');
      return upload(need);
    },
  });
  refill.look();
  await until(() => stock.left === 100);
  assert.deepEqual(
    failures.map(({ code }) => code),
    ['prekeys_failed', 'prekeys_failed'],
  );
});

test('a closed one asks no more', async () => {
  const { refill, failures } = setUp({
    make: async () => {
      throw new Error('locked');
    },
  });
  refill.look();
  await until(() => failures.length > 0);
  refill.close();
  await pause(20);
  const { length } = failures;
  await pause(50);
  assert.equal(failures.length, length);
});

const server = new StandIn();
before(() => server.start());
after(() => server.stop());
let client: E2eeClient | undefined;
afterEach(() => client?.close());

test('a client fills its stock when it connects and when the server says that it is low', async () => {
  let left = 100;
  const needs: PreKeyNeed[] = [];
  server.answer = ({ path }) =>
    path === '/api/e2ee/keys/status'
      ? { body: { oneTimePreKeys: left, low: left < 10 } }
      : { status: 409, body: refusal('prekey_conflict') };
  const preKeys = async (need: PreKeyNeed) => {
    needs.push(need);
    left = 100;
    return upload(need);
  };
  client = new E2eeClient({ url: server.url, tokens: { token: async () => 'good' }, preKeys });
  await client.open();
  await until(() => server.of('e2ee/keys/status').length === 1);
  await pause(20);
  assert.deepEqual(needs, []);
  left = 4;
  for (let i = 0; i < 3; i++)
    server.say({ type: 'e2ee.prekeys.low', data: { oneTimePreKeys: 4, low: true } });
  await until(() => server.of('e2ee/keys/upload').length === 1);
  await pause(20);
  assert.deepEqual(needs, [{ count: 96 }]);
});
