import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { Wire } from '@blindpost/testbed/wire';
import type { WireFrame } from '@blindpost/testbed/wire-socket';
import { assertError, assertRefused, member } from './answers.js';
import { eventually, onEveryStore, SCALE } from './stage.js';

const FLOOD = Math.max(200, Math.round(1000 * SCALE));

/** Sends the bodies as a new identity and answers, for each, its delivery_status or error. */
async function sendAll(client: Wire, to: string, bodies: unknown[]): Promise<WireFrame[]> {
  const socket = await client.login(makeIdentity());
  const answers: WireFrame[] = [];
  for (let n = 0; n < bodies.length; n += 20) {
    const slice = bodies.slice(n, n + 20);
    for (const [k, body] of slice.entries()) socket.send({ type: 'relay', to, body, id: n + k });
    for (const k of slice.keys()) answers.push(await socket.next(({ id }) => id === n + k));
  }
  return answers;
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => n);
const isFull = ({ error }: WireFrame) => error === 'ERR_QUEUE_FULL';

function assertFull(answer: WireFrame | undefined, scope: string): void {
  assert.ok(answer);
  assertError(answer, 'ERR_QUEUE_FULL');
  assert.equal(member(answer.details, 'scope'), scope);
}

await onEveryStore(
  'full mailbox',
  (stage) => {
    test('one sender has a fifth: 100 are accepted, more are refused, and the accepted ones arrive', async () => {
      const recipient = makeIdentity();
      const answers = await sendAll(stage.wire, recipient.hash, numbered(120));
      assert.equal(answers.slice(0, 100).filter(isFull).length, 0);
      for (const answer of answers.slice(100)) assertFull(answer, 'sender');
      const socket = await stage.wire.login(recipient);
      for (let n = 0; n < 100; n += 1) assert.equal((await socket.next('queued_message')).payload, n);
      await socket.settle();
      assert.equal(socket.of('queued_message').length, 100);
    });

    test('500 messages fill it: a sixth sender is told, none of the 500 is evicted, an ack makes room', async () => {
      const recipient = makeIdentity();
      for (let n = 0; n < 5; n += 1) {
        const answers = await sendAll(stage.wire, recipient.hash, numbered(100));
        assert.equal(answers.filter(isFull).length, 0);
      }
      assertFull((await sendAll(stage.wire, recipient.hash, ['one too many']))[0], 'mailbox');
      const refused = await stage.wire.sendOnce(recipient.hash, 'and by HTTP');
      assertRefused(refused, 507, 'ERR_QUEUE_FULL');
      assert.equal(member(refused.json.details, 'scope'), 'mailbox');
      const names = `${recipient.hash}`;
      const headers = await stage.wire.paid(names, { type: 'relay' });
      const cast = await stage.wire.post('/relay/multicast', { recipients: [names], body: 'x' }, headers);
      assert.equal(member(member(cast.json.results, '0'), 'error'), 'ERR_QUEUE_FULL');

      const socket = await stage.wire.login(recipient);
      const ids: unknown[] = [];
      for (let n = 0; n < 500; n += 1) {
        const { id, payload } = await socket.next('queued_message');
        assert.equal(payload, n % 100);
        ids.push(id);
      }
      socket.send({ type: 'delivery_ack', ids: ids.slice(0, 1) });
      await socket.settle();
      assert.equal(
        isFull((await sendAll(stage.wire, recipient.hash, ['fits again']))[0] ?? { type: '' }),
        false,
      );
      await socket.next(({ payload }) => payload === 'fits again');
    });

    test('a fifth of 8 MiB is what one sender may occupy', async () => {
      const recipient = makeIdentity();
      const answers = await sendAll(
        stage.wire,
        recipient.hash,
        numbered(40).map((n) => `${n}`.padEnd(60_000, 'x')),
      );
      const accepted = answers.filter((answer) => !isFull(answer)).length;
      // 1,677,721 bytes, less what the store counts on top of each payload.
      assert.ok(accepted >= 25 && accepted <= 27, `${accepted} accepted`);
      for (const answer of answers.filter(isFull)) assertFull(answer, 'sender');
      assert.equal(answers.findIndex(isFull), accepted, 'refused from the first that does not fit');
    });

    test(`a flood of ${FLOOD} by one sender does not stop another's message`, async () => {
      const recipient = makeIdentity();
      const answers = await sendAll(stage.wire, recipient.hash, numbered(FLOOD));
      assert.equal(answers.filter((answer) => !isFull(answer)).length, 100);
      const [answer] = await sendAll(stage.wire, recipient.hash, ['second sender']);
      assert.equal(answer?.status, 'queued');
      const socket = await stage.wire.login(recipient);
      await socket.next(({ payload }) => payload === 'second sender');
    });

    test('by binary frames, multicasts and own types nobody gets more than the fifth', async () => {
      const recipient = makeIdentity();
      const socket = await stage.wire.login(makeIdentity());
      for (let n = 0; n < 40; n += 1) socket.sendRaw(Buffer.from(`${recipient.hash}${n}`));
      for (let n = 0; n < 40; n += 1) socket.send({ type: 'typing', to: recipient.hash, body: n });
      const targets = numbered(40).map((body) => ({ to: recipient.hash, body }));
      socket.send({ type: 'group_multicast', targets, id: 'cast' });
      const cast = await socket.next(({ id }) => id === 'cast');
      assert.ok(Array.isArray(cast.results));
      const queued = cast.results.filter((result) => member(result, 'status') === 'queued').length;
      assert.equal(queued, 20);
      assert.equal(cast.results.filter((result) => member(result, 'error') === 'ERR_QUEUE_FULL').length, 20);
    });

    test('by HTTP one address gets no more than a fifth either, and another still has room', async () => {
      const recipient = makeIdentity();
      const flooder = stage.client('127.0.5.1');
      const answers = await Promise.all(numbered(150).map((n) => flooder.sendOnce(recipient.hash, n)));
      const accepted = answers.filter(({ status }) => status === 200).length;
      assert.equal(accepted, 100);
      for (const answer of answers) if (answer.status !== 200) assertRefused(answer, 507, 'ERR_QUEUE_FULL');
      assert.equal((await stage.client('127.0.5.2').sendOnce(recipient.hash, 'room')).status, 200);
    });
  },
  { own: true },
);

await onEveryStore(
  'memory of all mailboxes',
  (stage) => {
    test('when it is used up, everybody is told, what was accepted arrives, and acks make room', async () => {
      const recipients = numbered(80).map(() => makeIdentity());
      const big = 'x'.repeat(60_000);
      const accepted: typeof recipients = [];
      let full: WireFrame | undefined;
      const sender = await stage.wire.login(makeIdentity());
      for (const recipient of recipients.flatMap((each) => [each, each, each])) {
        sender.send({ type: 'relay', to: recipient.hash, body: big, id: 1 });
        const answer = await sender.next(({ id }) => id === 1);
        if (answer.type === 'delivery_status') accepted.push(recipient);
        else full = answer;
        if (full !== undefined) break;
      }
      assertFull(full, 'memory');
      assert.ok(accepted.length > 0);
      for (const recipient of new Set(accepted)) {
        const socket = await stage.wire.login(recipient);
        const ids: unknown[] = [];
        for (const _ of accepted.filter((each) => each === recipient)) {
          const frame = await socket.next('queued_message');
          assert.equal(frame.payload, big);
          ids.push(frame.id);
        }
        socket.send({ type: 'delivery_ack', ids });
        await socket.settle();
      }
      await eventually('room again', async () => {
        const [answer] = await sendAll(stage.wire, makeIdentity().hash, ['small']);
        return answer?.type === 'delivery_status';
      });
    });
  },
  { env: { RELAY_LIMIT_MEMORY: String(6 * 1024 * 1024) } },
);

await onEveryStore(
  'flood with limits on',
  (stage) => {
    test('a flood from one address stops neither the recipient nor a sender at another', async () => {
      const recipient = makeIdentity();
      const live = await stage.client('127.0.5.10').login(recipient);
      const flooder = await stage.client('127.0.5.11').login(makeIdentity());
      for (let n = 0; n < FLOOD; n += 1) flooder.send({ type: 'relay', to: recipient.hash, body: n });
      const honest = await stage.client('127.0.5.12').login(makeIdentity());
      honest.send({ type: 'relay', to: recipient.hash, body: 'honest', id: 'h' });
      assert.equal((await honest.next(({ id }) => id === 'h')).type, 'delivery_status');
      await live.next(({ payload }) => payload === 'honest');
      assert.equal(live.open, true);
    });
  },
  {
    env: {
      RELAY_LIMIT_CONNECTIONS: undefined,
      RELAY_LIMIT_CHALLENGES: undefined,
      RELAY_LIMIT_REQUESTS: undefined,
      RELAY_LIMIT_FRAMES: undefined,
      RELAY_LIMIT_JAIL: undefined,
    },
  },
);
