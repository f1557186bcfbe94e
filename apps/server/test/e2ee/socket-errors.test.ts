/** Sockets: what is refused is told in a frame, by name, and harms nobody. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assertErrorFrame, assertSent, pushed, waiting } from './answers.js';
import { bytes, fullMessage, inFuture, message } from './messages.js';
import { onEveryStage } from './stage.js';

await onEveryStage('sockets, errors', (stage) => {
  test('a refused send or ack names its ref, its code and the member, and the socket stays', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const socket = await sender.listen();
    const once = fullMessage(recipient.id);
    assertSent(await sender.send(once));
    const refused: [string, string, string | undefined, object][] = [
      ['e2ee.send', 'not_found', undefined, message(randomUUID())],
      ['e2ee.send', 'self_recipient', undefined, message(sender.id)],
      ['e2ee.send', 'idempotency_mismatch', undefined, { ...once, ciphertext: bytes() }],
      ['e2ee.send', 'invalid_request', 'ciphertext', { ...message(recipient.id), ciphertext: '' }],
      ['e2ee.send', 'invalid_request', 'ciphertext', { ...message(recipient.id), ciphertext: 'a' }],
      ['e2ee.send', 'invalid_request', 'ciphertext', { recipientId: recipient.id }],
      ['e2ee.send', 'invalid_request', 'header', { ...message(recipient.id), header: '-_-_' }],
      ['e2ee.send', 'invalid_request', 'type', { ...message(recipient.id), type: 4 }],
      ['e2ee.send', 'invalid_request', 'type', { ...message(recipient.id), type: '0' }],
      ['e2ee.send', 'invalid_request', 'recipientId', { ...message(recipient.id), recipientId: 'x' }],
      ['e2ee.send', 'invalid_request', 'expiresAt', message(recipient.id, { expiresAt: inFuture(-5_000) })],
      ['e2ee.send', 'invalid_request', 'meta', { ...message(recipient.id), meta: 1 }],
      [
        'e2ee.send',
        'payload_too_large',
        undefined,
        message(recipient.id, { ciphertext: bytes(256 * 1024 + 1) }),
      ],
      ['e2ee.ack', 'invalid_request', undefined, {}],
      ['e2ee.ack', 'invalid_request', undefined, { ids: [], upTo: 1 }],
      ['e2ee.ack', 'invalid_request', 'ids', { ids: Array.from({ length: 501 }, () => randomUUID()) }],
      ['e2ee.ack', 'invalid_request', 'upTo', { upTo: -1 }],
    ];
    for (const [n, [type, code, field, data]] of refused.entries()) {
      socket.send({ type, ref: n, data });
      assertErrorFrame(await socket.next(({ ref }) => ref === n), code, n, field);
    }
    socket.send({ type: 'e2ee.send', ref: 'after', data: message(recipient.id) });
    assert.equal((await socket.next(({ ref }) => ref === 'after')).type, 'e2ee.sent');
    assert.equal((await waiting(recipient)).length, 2);
  });

  test('without a ref the error comes without one', async () => {
    const sender = await stage.account();
    const socket = await sender.listen();
    socket.send({ type: 'e2ee.send', data: message(sender.id) });
    assertErrorFrame(await socket.next('error'), 'self_recipient');
    socket.send({ type: 'e2ee.ack', data: {} });
    assertErrorFrame(await socket.next('error'), 'invalid_request');
  });

  test('frames that nobody knows, and what is no frame, are refused', async () => {
    const account = await stage.account();
    const wrong: (string | Buffer)[] = [
      '{"type":"e2ee.nothing","data":{}}',
      '{"type":"e2ee.envelope","data":{}}',
      '{"type":7}',
      '{"data":{}}',
      '{"type":"e2ee.send"}',
      '{"type":"e2ee.send","data":[]}',
      '{"type":"__proto__","data":{}}',
      '{"type":"constructor","data":{}}',
      '[]',
      'null',
      '{"type":',
      'text',
      Buffer.from('{"type":"e2ee.ack","data":{"upTo":0}}'),
    ];
    for (const frame of wrong) {
      const socket = await account.listen();
      socket.sendRaw(frame);
      const answer = await socket.next('error');
      assertErrorFrame(answer, 'invalid_request');
      socket.terminate();
    }
  });

  test('a frame beyond the bound ends its socket, and no other', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const [socket, other] = [await sender.listen(), await recipient.listen()];
    socket.sendRaw(JSON.stringify({ type: 'e2ee.send', data: { x: 'x'.repeat(1024 * 1024) } }));
    assert.equal((await socket.closed()).code, 1009);
    assertSent(await sender.send(message(recipient.id)));
    await pushed(other);
  });
});
