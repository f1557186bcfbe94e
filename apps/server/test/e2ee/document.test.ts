/** The document's own requests, with its ids, as they stand there and as the original's clients spell them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bundle, Envelope, PublicBundle, PushedEnvelope, Session } from '@blindpost/protocol/e2ee';
import { startIssuer } from '@blindpost/testbed/issuer';
import { dataOf, type E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import type { TObject } from 'typebox';
import { exactly } from './answers.js';
import { camel, members, snake } from './case.js';
import { bytes } from './messages.js';
import { onEveryStage } from './stage.js';

const RECIPIENT = '11111111-1111-1111-1111-111111111111';
const SENDER = '22222222-2222-2222-2222-222222222222';
const SESSION = '33333333-3333-3333-3333-333333333333';
const MEMBER_A = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa';
const MEMBER_B = 'bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb';
/** The document's dates are past by now; these are spelled as its are. */
const SIGNED_UNTIL = '2126-03-07T00:00:00Z';
const UNTIL = '2126-03-01T00:00:00Z';

/** What is sent in one spelling and comes back in it. */
interface Spelling {
  name: string;
  /** Of a request. */
  write: (body: unknown) => unknown;
  /** Of an answer, into the document's. */
  read: (body: unknown) => unknown;
  accept: Record<string, string>;
  query: string;
  /** What no member of an answer may look like. */
  not: RegExp;
}

const SPELLINGS: readonly Spelling[] = [
  { name: 'camelCase', write: (body) => body, read: (body) => body, accept: {}, query: '', not: /_/ },
  {
    name: 'snake_case',
    write: snake,
    read: camel,
    accept: { accept: 'application/json; case=snake' },
    query: '?case=snake',
    not: /[A-Z]/,
  },
];

const UPLOAD = {
  algorithm: 'x25519',
  identityKey: bytes(32),
  signedPreKeyId: 1,
  signedPreKey: bytes(32),
  signedPreKeySignature: bytes(64),
  signedPreKeyExpiresAt: SIGNED_UNTIL,
  oneTimePreKeys: [
    { keyId: 101, publicKey: bytes(32) },
    { keyId: 102, publicKey: bytes(32) },
  ],
  // The document's `meta`, and members that either spelling would change.
  meta: { client: 'ios', bundle_version: 1, deviceName: { inner_name: 1, innerName: [{ a_b: 1, aB: 2 }] } },
};
const SESSION_REQUEST = { hint: 'x3dh-v1', meta: { device: 'iphone-17', os_version: 1, osName: 'x' } };
const MESSAGE = {
  recipientId: RECIPIENT,
  sessionId: SESSION,
  type: 0,
  groupId: null,
  clientMessageId: 'msg-01JFXQWQ3K',
  ciphertext: bytes(),
  header: bytes(),
  signature: bytes(64),
  expiresAt: UNTIL,
  meta: { ratchet_step: 128, ratchetStep: { deep_step: null, deepStep: [] } },
};
const DISTRIBUTION = {
  groupId: 'room:engineering',
  expiresAt: UNTIL,
  items: [
    {
      recipientId: MEMBER_A,
      ciphertext: bytes(),
      header: bytes(),
      signature: bytes(64),
      clientMessageId: 'skd-user-a-v1',
      meta: { epoch: 1, key_epoch: 1, keyEpoch: 1 },
    },
    {
      recipientId: MEMBER_B,
      ciphertext: bytes(),
      header: bytes(),
      signature: bytes(64),
      clientMessageId: 'skd-user-b-v1',
      meta: { epoch: 1 },
    },
  ],
};

const issuer = await startIssuer();
after(() => issuer.stop());

for (const spelling of SPELLINGS) {
  const { write, read, accept, query, not } = spelling;

  await onEveryStage(
    `the document in ${spelling.name}`,
    (stage) => {
      let sender: E2eeWire;
      let recipient: E2eeWire;
      let memberA: E2eeWire;
      let memberB: E2eeWire;

      before(async () => {
        const at = (id: string) => stage.client({ id, token: issuer.sign(id) }, { headers: accept });
        [sender, recipient, memberA, memberB] = [at(SENDER), at(RECIPIENT), at(MEMBER_A), at(MEMBER_B)];
        // An account exists from its first authenticated request.
        for (const wire of [sender, recipient, memberA, memberB]) {
          assert.equal((await wire.pending()).status, 200);
        }
      });

      /** The answer as the document spells it; every member of it is spelled as was asked. */
      const told = (answer: WireAnswer): unknown => {
        assert.equal(answer.status, 200, String(answer));
        const body: unknown = JSON.parse(answer.raw.toString());
        for (const name of members(body)) assert.doesNotMatch(name, not);
        return read(body);
      };
      const entity = <const T extends TObject>(schema: T, answer: WireAnswer) =>
        exactly(schema, told(answer));

      test('1, upload: 200 with the bundle', async () => {
        const bundle = entity(Bundle, await recipient.upload(Object(write(UPLOAD))));
        const { oneTimePreKeys: _, signedPreKeyExpiresAt, ...published } = UPLOAD;
        for (const [name, value] of Object.entries(published))
          assert.deepEqual(Reflect.get(bundle, name), value, name);
        assert.equal(Date.parse(String(bundle.signedPreKeyExpiresAt)), Date.parse(signedPreKeyExpiresAt));
        assert.deepEqual([bundle.accountId, bundle.oneTimePreKeysStored], [RECIPIENT, 2]);
        assert.equal(bundle.verified, false);
      });

      test('2, my bundle: 200, or 404 without one', async () => {
        const mine = entity(PublicBundle, await recipient.me());
        assert.deepEqual(
          [mine.accountId, mine.identityKey, mine.oneTimePreKey],
          [RECIPIENT, UPLOAD.identityKey, null],
        );
        assert.equal((await sender.me()).status, 404);
      });

      test('3, a peer’s bundle: with one of the one-time prekeys, and without', async () => {
        const first = entity(PublicBundle, await sender.bundle(RECIPIENT, true));
        assert.deepEqual([first.meta, first.signedPreKeyId, first.algorithm], [UPLOAD.meta, 1, 'x25519']);
        const key = first.oneTimePreKey;
        assert.ok(key !== null && UPLOAD.oneTimePreKeys.some(({ keyId }) => keyId === key.keyId));
        assert.deepEqual(key, UPLOAD.oneTimePreKeys[key.keyId - 101]);
        assert.equal(entity(PublicBundle, await memberA.bundle(RECIPIENT, false)).oneTimePreKey, null);
        assert.notEqual(entity(PublicBundle, await memberA.bundle(RECIPIENT)).oneTimePreKey, null);
        assert.equal(entity(PublicBundle, await memberB.bundle(RECIPIENT)).oneTimePreKey, null);
      });

      test('4, a session: 200 with its record', async () => {
        const session = entity(
          Session,
          await sender.ensureSession(RECIPIENT, Object(write(SESSION_REQUEST))),
        );
        assert.deepEqual([session.accountAId, session.accountBId], [RECIPIENT, SENDER]);
        assert.deepEqual([session.initiatedById, session.hint], [SENDER, 'x3dh-v1']);
        assert.deepEqual(session.meta, SESSION_REQUEST.meta);
      });

      test('5, 6, 7: sent, pushed, fetched, acknowledged', async () => {
        const socket = await recipient.listen({ query });
        const sent = entity(Envelope, await sender.post('/messages', write(MESSAGE)));
        const { expiresAt, ...content } = MESSAGE;
        const has = (envelope: object, expected: object) => {
          for (const [name, value] of Object.entries(expected)) {
            assert.deepEqual(Reflect.get(envelope, name), value, name);
          }
        };
        has(sent, { ...content, senderId: SENDER, sequence: 1, deliveryStatus: 0 });
        assert.equal(Date.parse(String(sent.expiresAt)), Date.parse(expiresAt));

        const frame = await socket.next('e2ee.envelope');
        for (const name of members(frame)) assert.doesNotMatch(name, not);
        const envelope = exactly(PushedEnvelope, read(dataOf(frame)));
        has(envelope, { ...content, id: sent.id, senderId: SENDER, sequence: 1, createdAt: sent.createdAt });

        const queue = told(await recipient.pending({ take: 100 }));
        assert.ok(Array.isArray(queue) && queue.length === 1, JSON.stringify(queue));
        const listed = exactly(Envelope, queue[0]);
        has(listed, { ...content, id: sent.id, deliveryStatus: 1, ackedAt: null });
        assert.ok(listed.deliveredAt !== null);

        const acked = entity(Envelope, await recipient.ack(sent.id));
        has(acked, { ...content, id: sent.id, deliveryStatus: 2 });
        assert.ok(acked.ackedAt !== null);
        assert.deepEqual(told(await recipient.pending()), []);
        assert.equal((await recipient.ack(SESSION)).status, 404);
        // The idempotency key is the document's.
        assert.deepEqual(entity(Envelope, await sender.post('/messages', write(MESSAGE))), sent);
      });

      test('8, a sender key: {"sent": 2}, an envelope for each', async () => {
        const answer = await sender.post('/groups/sender-key/distribute', write(DISTRIBUTION));
        assert.deepEqual(told(answer), { sent: 2 });
        for (const [n, wire] of [memberA, memberB].entries()) {
          const queue = told(await wire.pending({ take: 100 }));
          assert.ok(Array.isArray(queue) && queue.length === 1);
          const envelope = exactly(Envelope, queue[0]);
          for (const [name, value] of Object.entries(DISTRIBUTION.items[n] ?? {})) {
            assert.deepEqual(Reflect.get(envelope, name), value, name);
          }
          assert.deepEqual(
            [envelope.type, envelope.groupId, envelope.senderId],
            [1, 'room:engineering', SENDER],
          );
        }
      });

      test('a socket takes and answers the same spelling', async () => {
        const [sending, receiving] = [await sender.listen({ query }), await recipient.listen({ query })];
        const data = write({ ...MESSAGE, clientMessageId: 'by socket' });
        sending.send({ type: 'e2ee.send', ref: 'r', data: Object(data) });
        const answer = await sending.next(({ ref }) => ref === 'r');
        assert.equal(answer.type, 'e2ee.sent', JSON.stringify(answer));
        for (const name of members(answer)) assert.doesNotMatch(name, not);
        const sent = exactly(Envelope, read(dataOf(answer)));
        assert.deepEqual([sent.clientMessageId, sent.meta], ['by socket', MESSAGE.meta]);
        const pushed = exactly(PushedEnvelope, read(dataOf(await receiving.next('e2ee.envelope'))));
        assert.deepEqual([pushed.id, pushed.meta], [sent.id, MESSAGE.meta]);
        receiving.send({ type: 'e2ee.ack', ref: 1, data: Object(write({ upTo: sent.sequence })) });
        assert.deepEqual((await receiving.next(({ ref }) => ref === 1)).data, { acknowledged: 1 });
        assert.deepEqual(told(await recipient.post('/messages/ack', write({ upTo: 99 }))), {
          acknowledged: 0,
        });
      });

      test('what is asked in the other spelling is taken and answered in this one', async () => {
        const other = spelling.name === 'camelCase' ? snake : camel;
        const body = other({ ...MESSAGE, clientMessageId: 'the other way' });
        const sent = entity(Envelope, await sender.post('/messages', body));
        assert.deepEqual([sent.clientMessageId, sent.meta], ['the other way', MESSAGE.meta]);
      });

      test('stock and refusals are spelled so, too', async () => {
        assert.deepEqual(told(await recipient.status()), { oneTimePreKeys: 0, low: true });
        const refused = await sender.post('/messages', write({ ...MESSAGE, ciphertext: '' }));
        assert.equal(refused.status, 400, String(refused));
        assert.deepEqual(Object.keys(refused.json).sort(), ['details', 'error', 'message']);
        assert.equal(refused.json.error, 'invalid_request');
      });
    },
    { env: issuer.env },
  );
}
