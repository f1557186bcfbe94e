import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import {
  Bundle,
  Envelope,
  MAX_ACK_IDS,
  MAX_ALGORITHM,
  MAX_BODY,
  MAX_CIPHERTEXT,
  MAX_CLIENT_MESSAGE_ID,
  MAX_DISTRIBUTE_BODY,
  MAX_E2EE_FRAME,
  MAX_GROUP_ID,
  MAX_HEADER,
  MAX_HINT,
  MAX_KEY,
  MAX_META,
  MAX_SEND_BODY,
  MAX_SESSION_ID,
  MAX_SIGNATURE,
  MAX_STOCK,
  MAX_UPLOAD_BODY,
  MAX_UPLOADED_PREKEYS,
  Session,
} from '@blindpost/protocol/e2ee';
import { makeE2eeUpload, makePreKeys } from '@blindpost/testbed/wire-bundle';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { assertOk, assertRefused, member, shaped } from '../relay/answers.js';
import { assertBundle, assertErrorFrame, stock, waiting } from './answers.js';
import { bytes, message } from './messages.js';
import { ackEverything, sendFrame, sent } from './people.js';
import { onEveryStage } from './stage.js';

/** Too large a member: malformed or too large, and which member it is. */
function assertOversize(answer: WireAnswer, field: string): void {
  assert.ok([400, 413].includes(answer.status), `${field}: ${String(answer).slice(0, 400)}`);
  assertRefused(
    answer,
    answer.status,
    answer.status === 400 ? 'invalid_request' : 'payload_too_large',
    field,
  );
}

/** `meta` whose JSON text has so many bytes. */
function metaOf(size: number): Record<string, string> {
  return { m: 'x'.repeat(size - '{"m":""}'.length) };
}

/** `meta` with objects and arrays inside one another, itself the first of so many. */
function nested(depth: number): Record<string, unknown> {
  let inside: unknown = [];
  for (let n = 2; n < depth; n += 1) inside = n % 2 === 0 ? [inside] : { inside };
  return { inside };
}

await onEveryStage('sizes', (stage) => {
  let alice: E2eeWire;
  let bob: E2eeWire;
  before(async () => {
    [alice, bob] = [await stage.account(), await stage.account()];
  });

  const nothingCame = async () => assert.deepEqual(await waiting(bob), []);

  test('a ciphertext of exactly 256 KiB passes, and one byte more is 413', async () => {
    const ciphertext = bytes(MAX_CIPHERTEXT);
    const envelope = await sent(alice, bob.id, { ciphertext });
    assert.equal(envelope.ciphertext, ciphertext);
    const [kept] = await waiting(bob);
    assert.equal(kept?.ciphertext, ciphertext);
    await ackEverything(bob);
    for (const more of [1, 2, 3, 1000]) {
      const answer = await alice.send(message(bob.id, { ciphertext: bytes(MAX_CIPHERTEXT + more) }));
      assertRefused(answer, 413, 'payload_too_large', 'ciphertext');
    }
    await nothingCame();
  });

  test('the same over the socket: the largest envelope fits its frame, one byte more is refused by ref', async () => {
    const socket = await alice.listen();
    const reader = await bob.listen();
    const full = message(bob.id, {
      ciphertext: bytes(MAX_CIPHERTEXT),
      header: bytes(MAX_HEADER),
      signature: bytes(MAX_SIGNATURE),
      clientMessageId: 'c'.repeat(MAX_CLIENT_MESSAGE_ID),
      groupId: 'g'.repeat(MAX_GROUP_ID),
      sessionId: 's'.repeat(MAX_SESSION_ID),
      meta: metaOf(MAX_META),
    });
    const answer = await sendFrame(socket, 1, full);
    assert.equal(answer.type, 'e2ee.sent', JSON.stringify(answer).slice(0, 400));
    const { data } = await reader.next('e2ee.envelope');
    assert.equal(member(data, 'ciphertext'), full.ciphertext);
    assert.deepEqual(member(data, 'meta'), full.meta);
    const over = message(bob.id, { ciphertext: bytes(MAX_CIPHERTEXT + 1) });
    assertErrorFrame(await sendFrame(socket, 2, over), 'payload_too_large', 2, 'ciphertext');
    // It goes on.
    assert.equal((await sendFrame(socket, 3, message(bob.id))).type, 'e2ee.sent');
    await ackEverything(bob);
  });

  test('a frame beyond the bound closes the socket with 1009', async () => {
    const socket = await alice.listen();
    socket.sendRaw(JSON.stringify({ type: 'e2ee.ack', data: { upTo: 0 } }).padEnd(MAX_E2EE_FRAME + 1));
    assert.equal((await socket.closed()).code, 1009);
    const other = await alice.listen();
    other.sendRaw(JSON.stringify({ type: 'e2ee.ack', ref: 1, data: { upTo: 0 } }).padEnd(MAX_E2EE_FRAME));
    await other.next(({ ref }) => ref === 1);
  });

  test('every other member of an envelope has its bound, to the byte', async () => {
    const members = {
      header: (over: number) => bytes(MAX_HEADER + over),
      signature: (over: number) => bytes(MAX_SIGNATURE + over),
      groupId: (over: number) => 'g'.repeat(MAX_GROUP_ID + over),
      clientMessageId: (over: number) => 'd'.repeat(MAX_CLIENT_MESSAGE_ID + over),
      sessionId: (over: number) => 's'.repeat(MAX_SESSION_ID + over),
      meta: (over: number) => metaOf(MAX_META + over),
    };
    for (const [name, make] of Object.entries(members)) {
      const value = make(0);
      const answer = await alice.send({ ...message(bob.id), [name]: value });
      assert.deepEqual(Reflect.get(assertOk(answer, Envelope), name), value);
      await ackEverything(bob);
      assertOversize(await alice.send({ ...message(bob.id), [name]: make(1) }), name);
    }
    await nothingCame();
  });

  test('what is bounded in characters is bounded, however few of them people see', async () => {
    const piled = `e${'\u0301'.repeat(8_000)}`;
    const family = '👩‍👩‍👧‍👦'.repeat(MAX_CLIENT_MESSAGE_ID);
    for (const text of [piled, family.repeat(4)]) {
      for (const name of ['groupId', 'clientMessageId', 'sessionId']) {
        assertOversize(await alice.send({ ...message(bob.id), [name]: text }), name);
      }
      assertOversize(await alice.post(`/sessions/${bob.id}`, { hint: text }), 'hint');
      assertOversize(await alice.post('/keys/upload', { ...makeE2eeUpload(), algorithm: text }), 'algorithm');
    }
    await nothingCame();
  });

  test('meta counts in bytes of its text, and in depth', async () => {
    // Two bytes a character, so that it is twice as large as it is long.
    const wide = { m: 'ä'.repeat((MAX_META - 8) / 2) };
    assert.deepEqual((await sent(alice, bob.id, { meta: wide })).meta, wide);
    const wider = { m: 'ä'.repeat(MAX_META / 2) };
    assertOversize(await alice.send(message(bob.id, { meta: wider })), 'meta');
    const deep = nested(63);
    assert.deepEqual((await sent(alice, bob.id, { meta: deep })).meta, deep);
    await ackEverything(bob);
    const deeper = await alice.send(message(bob.id, { meta: nested(70) }));
    assert.equal(deeper.status, 400, String(deeper));
    for (const [path, body] of [
      [`/sessions/${bob.id}`, {}],
      ['/keys/upload', makeE2eeUpload()],
    ] as const) {
      assertOversize(await alice.post(path, { ...body, meta: metaOf(MAX_META + 1) }), 'meta');
      assert.equal((await alice.post(path, { ...body, meta: metaOf(MAX_META) })).status, 200, path);
    }
    await nothingCame();
  });

  test('a session has its bounds', async () => {
    const hint = 'h'.repeat(MAX_HINT);
    const session = assertOk(await alice.post(`/sessions/${bob.id}`, { hint }), Session);
    assert.equal(session.hint, hint);
    assertOversize(await alice.post(`/sessions/${bob.id}`, { hint: `${hint}h` }), 'hint');
    const again = assertOk(await alice.post(`/sessions/${bob.id}`, { hint }), Session);
    assert.equal(again.id, session.id);
  });

  test('keys and their signatures have their bounds, to the byte', async () => {
    const preKey = (over: number) => ({ keyId: 1, publicKey: bytes(MAX_KEY + over) });
    const members: Record<string, [make: (over: number) => unknown, field: string]> = {
      identityKey: [(over) => bytes(MAX_KEY + over), 'identityKey'],
      signedPreKey: [(over) => bytes(MAX_KEY + over), 'signedPreKey'],
      signedPreKeySignature: [(over) => bytes(MAX_KEY + over), 'signedPreKeySignature'],
      pqPreKey: [(over) => bytes(MAX_KEY + over), 'pqPreKey'],
      pqPreKeySignature: [(over) => bytes(MAX_KEY + over), 'pqPreKeySignature'],
      oneTimePreKeys: [(over) => [preKey(over)], 'oneTimePreKeys.0.publicKey'],
      lastResortPreKey: [preKey, 'lastResortPreKey.publicKey'],
      algorithm: [(over) => 'a'.repeat(MAX_ALGORITHM + over), 'algorithm'],
    };
    const whole = { ...makeE2eeUpload(), pqPreKeyId: 1, pqPreKey: bytes(32), pqPreKeySignature: bytes(64) };
    for (const [name, [make, field]] of Object.entries(members)) {
      const owner = await stage.account();
      assertOversize(await owner.post('/keys/upload', { ...whole, [name]: make(1) }), field);
      assertRefused(await owner.get('/keys/me'), 404, 'not_found');
      shaped(Bundle, (await owner.post('/keys/upload', { ...whole, [name]: make(0) })).json);
    }
  });

  test('200 one-time prekeys are one upload, 1,000 a stock, and what is claimed makes room', async () => {
    const owner = await stage.account();
    const bundle = makeE2eeUpload();
    const tooMany = { ...bundle, oneTimePreKeys: makePreKeys(MAX_UPLOADED_PREKEYS + 1) };
    assertRefused(await owner.post('/keys/upload', tooMany), 400, 'invalid_request', 'oneTimePreKeys');
    for (let first = 1; first <= MAX_STOCK; first += MAX_UPLOADED_PREKEYS) {
      const answer = assertBundle(
        await owner.upload({
          ...bundle,
          oneTimePreKeys: makePreKeys(MAX_UPLOADED_PREKEYS, first),
        }),
      );
      assert.equal(answer.oneTimePreKeysStored, MAX_UPLOADED_PREKEYS);
      assert.equal(answer.oneTimePreKeysRemaining, first + MAX_UPLOADED_PREKEYS - 1);
    }
    assert.equal(await stock(owner), MAX_STOCK);
    const full = await owner.post('/keys/upload', {
      ...bundle,
      oneTimePreKeys: makePreKeys(MAX_UPLOADED_PREKEYS, MAX_STOCK + 1),
    });
    assert.ok(full.status < 500 || full.status === 507, String(full));
    assert.equal(await stock(owner), MAX_STOCK, 'never more than the stock');
    for (let n = 0; n < 5; n += 1) assert.equal((await alice.claim(owner.id)).status, 200);
    assert.equal(await stock(owner), MAX_STOCK - 5);
    const refill = assertBundle(
      await owner.upload({ ...bundle, oneTimePreKeys: makePreKeys(5, MAX_STOCK + 301) }),
    );
    assert.equal(refill.oneTimePreKeysRemaining, MAX_STOCK);
    assert.equal(await stock(owner), MAX_STOCK);
  });

  test('500 ids are one ack, and 501 are refused', async () => {
    const ids = Array.from({ length: MAX_ACK_IDS }, () => randomUUID());
    const answer = await bob.post('/messages/ack', { ids });
    assert.deepEqual(answer.json, { acknowledged: 0 }, String(answer));
    const more = await bob.post('/messages/ack', { ids: [...ids, randomUUID()] });
    assertRefused(more, 400, 'invalid_request', 'ids');
  });

  test('a body beyond its bound is 413, on every route that takes one', async () => {
    const bounds: Record<string, number> = {
      '/messages': MAX_SEND_BODY,
      '/keys/upload': MAX_UPLOAD_BODY,
      '/groups/sender-key/distribute': MAX_DISTRIBUTE_BODY,
      '/messages/ack': MAX_BODY,
      [`/sessions/${bob.id}`]: MAX_BODY,
    };
    const bodies: Record<string, object> = {
      '/messages': message(bob.id),
      '/keys/upload': makeE2eeUpload(),
      '/groups/sender-key/distribute': {
        groupId: 'g',
        items: [{ recipientId: bob.id, ciphertext: bytes(4) }],
      },
      '/messages/ack': { upTo: 0 },
      [`/sessions/${bob.id}`]: { hint: 'h' },
    };
    for (const [path, bound] of Object.entries(bounds)) {
      const text = JSON.stringify(bodies[path]);
      const full = await alice.post(path, text.padEnd(bound));
      assert.equal(full.status, 200, `${path}: ${full}`);
      // The server may close before all of it is sent.
      const over = await alice.post(path, text.padEnd(bound + 1)).catch(() => null);
      if (over !== null) assertRefused(over, 413, 'payload_too_large');
      const far = await alice.post(path, text.padEnd(bound * 2)).catch(() => null);
      if (far !== null) assertRefused(far, 413, 'payload_too_large');
    }
    assert.equal((await waiting(bob)).length, 2, 'one of each route that sends');
    await ackEverything(bob);
  });
});
