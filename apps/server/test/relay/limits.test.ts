import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { Wire } from '@blindpost/testbed/wire';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { UpgradeRefused, type WireSocket } from '@blindpost/testbed/wire-socket';
import { assertError, assertRefused, member } from './answers.js';
import { eventually, onEveryStore } from './stage.js';

/** 429 with the code, the 60 s of the document in header and details, and the limit's headers. */
function assertLimited(answer: WireAnswer): void {
  assertRefused(answer, 429, 'ERR_RATE_LIMIT');
  const seconds = Number(answer.headers['retry-after']);
  assert.equal(seconds, 60, `Retry-After: ${answer.headers['retry-after']}`);
  assert.equal(member(answer.json.details, 'retryAfter'), seconds);
  const names = Object.keys(answer.headers).filter((name) => name.startsWith('x-ratelimit-'));
  assert.ok(names.length > 0, 'X-RateLimit-* headers');
}

async function refusedUpgrade(client: Wire): Promise<WireAnswer> {
  try {
    await client.open();
  } catch (error) {
    if (error instanceof UpgradeRefused) return error.answer;
    throw error;
  }
  return assert.fail('the upgrade was taken');
}

/** Sends `count` frames to strangers and answers how many were refused. */
async function flood(socket: WireSocket, count: number): Promise<number> {
  for (let n = 0; n < count; n += 1) {
    socket.send({ type: 'relay', to: makeIdentity().hash, body: 'x', id: n });
  }
  let refused = 0;
  for (let n = 0; n < count; n += 1) {
    const frame = await socket.next(({ type }) => type === 'delivery_status' || type === 'error');
    if (frame.type === 'error') {
      assertError(frame, 'ERR_RATE_LIMIT');
      assert.ok(Number(member(frame.details, 'retryAfter')) >= 1);
      refused += 1;
    }
  }
  return refused;
}

await onEveryStore(
  'limit of connections',
  (stage) => {
    test('the sixth socket of an address is refused with 429, others are not, and a closed one makes room', async () => {
      const client = stage.client('127.0.2.1');
      const sockets = await Promise.all(Array.from({ length: 5 }, () => client.login(makeIdentity())));
      assertLimited(await refusedUpgrade(client));
      await stage.client('127.0.2.2').login(makeIdentity());
      await sockets[0]?.close();
      await eventually('room for one more', async () => {
        try {
          await client.login(makeIdentity());
          return true;
        } catch {
          return false;
        }
      });
      assertLimited(await refusedUpgrade(client));
      await sockets[1]?.settle();
    });
  },
  { env: { RELAY_LIMIT_CONNECTIONS: '5' } },
);

await onEveryStore(
  'limit of all sockets',
  (stage) => {
    test('beyond it an upgrade is refused as unavailable, and the sockets that are there stay', async () => {
      const first = await stage.client('127.0.2.1').login(makeIdentity());
      for (let n = 2; n <= 4; n += 1) await stage.client(`127.0.2.${n}`).login(makeIdentity());
      const answer = await refusedUpgrade(stage.client('127.0.2.5'));
      assert.ok([429, 503].includes(answer.status), String(answer));
      assert.ok(Number(answer.headers['retry-after']) >= 1);
      await first.settle();
    });
  },
  { env: { RELAY_LIMIT_SOCKETS: '4' }, stores: ['memory'] },
);

await onEveryStore(
  'limit of challenges',
  (stage) => {
    test('the eleventh in a minute is refused, another address is not, other routes are not', async () => {
      const client = stage.client('127.0.2.1');
      const answers = await Promise.all(Array.from({ length: 20 }, () => client.get('/pow/challenge')));
      const refused = answers.filter(({ status }) => status !== 200);
      // A bucket of ten a minute refills one in six seconds.
      assert.ok(refused.length >= 8 && refused.length <= 10, `${refused.length} refused`);
      for (const answer of refused) assertLimited(answer);
      assert.equal((await stage.client('127.0.2.2').get('/pow/challenge')).status, 200);
      assert.equal((await client.get('/health')).status, 200);
    });
  },
  { env: { RELAY_LIMIT_CHALLENGES: '10' } },
);

await onEveryStore(
  'limit of requests',
  (stage) => {
    test('a burst passes, a flood is refused, and the wait that is told is enough', async () => {
      const client = stage.client('127.0.2.1');
      const { hash } = makeIdentity();
      const ask = () => client.get(`/keys/fetch?hashes=${hash}`);
      const answers = await Promise.all(Array.from({ length: 40 }, ask));
      const taken = answers.filter(({ status }) => status === 200).length;
      assert.ok(taken >= 20 && taken <= 30, `${taken} of 40 taken`);
      const limited = answers.find(({ status }) => status === 429);
      assert.ok(limited);
      assertLimited(limited);
      assert.equal((await stage.client('127.0.2.2').get(`/keys/fetch?hashes=${hash}`)).status, 200);
      await eventually('refilled', async () => (await ask()).status === 200);
    });
  },
  { env: { RELAY_LIMIT_REQUESTS: '20' } },
);

await onEveryStore(
  'limit of frames',
  (stage) => {
    test('a flood is refused frame by frame, the socket stays, and the recipient pays nothing', async () => {
      const sender = await stage.client('127.0.2.1').login(makeIdentity());
      const refused = await flood(sender, 60);
      assert.ok(refused >= 20 && refused <= 40, `${refused} of 60 refused`);
      assert.equal(sender.open, true);
      const recipient = makeIdentity();
      const live = await stage.client('127.0.2.2').login(recipient);
      const other = await stage.client('127.0.2.3').login(makeIdentity());
      other.send({ type: 'relay', to: recipient.hash, body: 'unharmed' });
      assert.equal((await live.next('msg')).payload, 'unharmed');
    });

    test('the limit follows the identity to another address', async () => {
      const identity = makeIdentity();
      await flood(await stage.client('127.0.2.4').login(identity), 60);
      const moved = await stage.client('127.0.2.5').login(identity);
      const refused = await flood(moved, 30);
      assert.ok(refused >= 1, 'a full bucket would have taken all 30');
    });

    test('and the address, whichever identity it shows', async () => {
      const client = stage.client('127.0.2.6');
      const [first, second] = [await client.login(makeIdentity()), await client.login(makeIdentity())];
      await flood(first, 60);
      const refused = await flood(second, 30);
      assert.ok(refused >= 1, 'a full bucket would have taken all 30');
    });

    test('binary frames, own types, volatile ones and presence count alike', async () => {
      const recipient = makeIdentity();
      await stage.client('127.0.2.30').login(recipient);
      const kinds: ((socket: WireSocket) => void)[] = [
        (socket) => socket.sendRaw(Buffer.from(`${recipient.hash}x`)),
        (socket) => socket.send({ type: 'typing', to: recipient.hash, body: 'x' }),
        (socket) => socket.send({ type: 'volatile_relay', to: recipient.hash, body: 'x' }),
        (socket) => socket.send({ type: 'presence_allow', to: recipient.hash }),
        (socket) => socket.send({ type: 'ping', timestamp: 1 }),
        (socket) => socket.send({ type: 'dummy_pacing' }),
        (socket) => socket.send({ type: 'delivery_ack', ids: ['0'.repeat(32)] }),
        (socket) => socket.sendRaw('{'),
      ];
      for (const [n, send] of kinds.entries()) {
        const socket = await stage.client(`127.0.2.${10 + n}`).login(makeIdentity());
        for (let count = 0; count < 60; count += 1) send(socket);
        await socket.next(({ error }) => error === 'ERR_RATE_LIMIT');
      }
    });

    test('a multicast costs one per target', async () => {
      const socket = await stage.client('127.0.2.40').login(makeIdentity());
      const cast = (id: string) =>
        socket.send({
          type: 'group_multicast',
          targets: Array.from({ length: 25 }, () => ({ to: makeIdentity().hash, body: 'x' })),
          id,
        });
      for (const id of ['1', '2', '3']) cast(id);
      const answers = [];
      for (let n = 0; n < 3; n += 1) {
        const frame = await socket.next(({ type }) => type === 'delivery_status' || type === 'error');
        answers.push(JSON.stringify(frame).includes('ERR_RATE_LIMIT'));
      }
      assert.ok(answers.includes(true), 'three times 25 pass 30');
    });

    test('an ack that frees something is free', async () => {
      const recipient = makeIdentity();
      const socket = await stage.client('127.0.2.50').login(recipient);
      for (let n = 0; n < 60; n += 1) {
        await stage.client(`127.0.3.${n + 1}`).sendOnce(recipient.hash, n);
        const { id } = await socket.next('msg');
        socket.send({ type: 'delivery_ack', ids: [id] });
      }
      socket.send({ type: 'ping', timestamp: 'after' });
      await socket.next(({ timestamp }) => timestamp === 'after');
      assert.deepEqual(socket.of('error'), []);
    });

    test('what is refused is not delivered later', async () => {
      const recipient = makeIdentity();
      const live = await stage.client('127.0.2.60').login(recipient);
      const sender = await stage.client('127.0.2.61').login(makeIdentity());
      for (let n = 0; n < 60; n += 1) sender.send({ type: 'relay', to: recipient.hash, body: n, id: n });
      const accepted: unknown[] = [];
      for (let n = 0; n < 60; n += 1) {
        const frame = await sender.next(({ id }) => id !== undefined);
        if (frame.type === 'delivery_status') accepted.push(frame.id);
      }
      await stage.client('127.0.2.62').sendOnce(recipient.hash, 'marker');
      await live.next(({ payload }) => payload === 'marker');
      const got = live.of('msg').map(({ payload }) => payload);
      assert.deepEqual(got, [...accepted, 'marker']);
    });
  },
  { env: { RELAY_LIMIT_FRAMES: '30' }, concurrency: 4 },
);
