/** The table of refusals, over HTTP. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import { assertRefused, assertSent, waiting } from './answers.js';
import { bytes, message } from './messages.js';
import { onEveryStage } from './stage.js';

const KIBIBYTE = 1_024;

await onEveryStage('refusals', (stage) => {
  test('no token, or a wrong one, gets nothing from any route', async () => {
    const account = await stage.account();
    const id = account.id;
    const { token = '' } = account.who;
    const wires = [
      stage.stranger(),
      stage.client({ id, token: '' }),
      stage.client({ id, token: 'x.y.z' }),
      stage.client({ id, token: token.slice(0, -4) }),
      stage.client({ id }, { headers: { authorization: token } }),
      stage.client({ id }, { headers: { authorization: `Basic ${token}` } }),
    ];
    for (const wire of wires) {
      for (const answer of [
        await wire.upload(makeE2eeUpload(1)),
        await wire.me(),
        await wire.status(),
        await wire.bundle(id),
        await wire.claim(id),
        await wire.ensureSession(id),
        await wire.send(message(id)),
        await wire.pending(),
        await wire.ack(randomUUID()),
        await wire.ackAll({ upTo: 1 }),
        await wire.distribute('room', [message(id)]),
      ]) {
        assertRefused(answer, 401, 'unauthorized');
      }
      // Who is nobody is not told what is wrong with the rest.
      assertRefused(await wire.post('/messages', {}), 401, 'unauthorized');
    }
    assert.deepEqual(await waiting(account), []);
    assertRefused(await account.me(), 404, 'not_found');
  });

  test('a send is refused by name', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const good = message(recipient.id);
    const wrong: [string, object][] = [
      ['recipientId', { recipientId: undefined }],
      ['recipientId', { recipientId: 'somebody' }],
      ['recipientId', { recipientId: null }],
      ['ciphertext', { ciphertext: undefined }],
      ['ciphertext', { ciphertext: '' }],
      ['ciphertext', { ciphertext: 'not Base64!' }],
      ['ciphertext', { ciphertext: 'AAA' }],
      ['ciphertext', { ciphertext: 'AAA=A' }],
      ['ciphertext', { ciphertext: 'A-_A' }],
      ['ciphertext', { ciphertext: 'AA AA' }],
      ['ciphertext', { ciphertext: 7 }],
      ['ciphertext', { ciphertext: [1, 2] }],
      ['header', { header: 'AAA' }],
      ['signature', { signature: '*' }],
      ['type', { type: 4 }],
      ['type', { type: -1 }],
      ['type', { type: 0.5 }],
      ['type', { type: '1' }],
      ['type', { type: 'PairwiseMessage' }],
      ['groupId', { groupId: 'g'.repeat(257) }],
      ['sessionId', { sessionId: 's'.repeat(129) }],
      ['clientMessageId', { clientMessageId: 'c'.repeat(129) }],
      ['clientMessageId', { clientMessageId: 7 }],
      ['meta', { meta: 'text' }],
      ['meta', { meta: { large: 'x'.repeat(8 * KIBIBYTE) } }],
    ];
    for (const [field, change] of wrong) {
      assertRefused(await sender.post('/messages', { ...good, ...change }), 400, 'invalid_request', field);
    }
    assertRefused(await sender.send(message(sender.id)), 400, 'self_recipient');
    assertRefused(await sender.send(message(sender.id.toUpperCase())), 400, 'self_recipient');
    assertRefused(await sender.send(message(randomUUID())), 404, 'not_found');
    assert.deepEqual(await waiting(recipient), []);
    assert.equal(assertSent(await sender.send(good)).sequence, 1);
  });

  test('256 KiB of ciphertext, not a byte more', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const ciphertext = bytes(256 * KIBIBYTE);
    const sent = assertSent(await sender.send(message(recipient.id, { ciphertext })));
    assert.equal(sent.ciphertext, ciphertext);
    const larger = message(recipient.id, { ciphertext: bytes(256 * KIBIBYTE + 1) });
    assertRefused(await sender.send(larger), 413, 'payload_too_large');
    // The server may close before all of it is sent.
    const body = JSON.stringify({ x: 'x'.repeat(1024 * KIBIBYTE) });
    const answer = await sender.post('/messages', body).catch(() => undefined);
    if (answer !== undefined) assertRefused(answer, 413, 'payload_too_large');
    const queue = await waiting(recipient);
    assert.deepEqual(
      queue.map(({ id }) => id),
      [sent.id],
    );
  });

  test('the longest of everything comes back as it was', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const full = {
      recipientId: recipient.id,
      sessionId: 's'.repeat(128),
      groupId: 'g'.repeat(256),
      clientMessageId: 'c'.repeat(128),
      ciphertext: bytes(1),
      header: bytes(16 * KIBIBYTE),
      signature: bytes(8 * KIBIBYTE),
      meta: { long: 'x'.repeat(8 * KIBIBYTE - 20) },
    };
    const sent = assertSent(await sender.send(full));
    const [listed] = await waiting(recipient);
    for (const [name, value] of Object.entries(full)) {
      assert.deepEqual(Reflect.get(sent, name), value, name);
      assert.deepEqual(Reflect.get(listed ?? {}, name), value, name);
    }
  });

  test('meta comes back verbatim, whatever stands in it', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    // As text: the order of members, and what an object of JavaScript would not keep.
    const metas = [
      '{}',
      '{"b":1,"a":2,"10":3,"9":4}',
      '{"n":1.0,"big":12345678901234567890,"tiny":1e-400}',
      '{"text":"\\u0000\\ud83d\\ude00é\\"\\\\"}',
      '{"type":"object","null":null,"list":[[],{},[{"snake_case":{"camelCase":1}}]]}',
    ];
    for (const meta of metas) {
      const { recipientId, ciphertext } = message(recipient.id);
      const body = `{"recipientId":"${recipientId}","ciphertext":"${ciphertext}","meta":${meta}}`;
      const answer = await sender.post('/messages', body);
      const sent = assertSent(answer);
      assert.deepEqual(sent.meta, JSON.parse(meta), meta);
      const page = await recipient.pending();
      assert.equal(page.status, 200, String(page));
      assert.deepEqual((await waiting(recipient)).at(-1)?.meta, JSON.parse(meta), meta);
    }
  });

  test('text of any kind comes back as it was', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const odd = ['ä\u0308', '\u{1f600}', "' OR 1=1 --", '\u202e', '../../etc', '%00', '\\u0000', ' '];
    for (const text of odd) {
      const full = { groupId: text, clientMessageId: text, sessionId: text };
      const sent = assertSent(await sender.send(message(recipient.id, full)));
      assert.deepEqual([sent.groupId, sent.clientMessageId, sent.sessionId], [text, text, text]);
      const listed = (await waiting(recipient)).at(-1);
      assert.deepEqual([listed?.groupId, listed?.clientMessageId, listed?.sessionId], [text, text, text]);
    }
  });

  test('what no database can hold is stored or refused, never a failure', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    for (const text of ['\u0000', 'a\u0000b', '\ud800', 'a\udc00']) {
      for (const change of [
        { groupId: text },
        { clientMessageId: text },
        { sessionId: text },
        { meta: { [text]: text } },
      ]) {
        const answer = await sender.send(message(recipient.id, change));
        if (answer.status === 200) assertSent(answer);
        else assertRefused(answer, 400, 'invalid_request');
      }
      const hint = await sender.ensureSession(recipient.id, { hint: text });
      assert.ok([200, 400].includes(hint.status), String(hint));
      const upload = await sender.upload(makeE2eeUpload(0, { algorithm: text, meta: { text } }));
      assert.ok([200, 400].includes(upload.status), String(upload));
    }
    for (const meta of ['{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}']) {
      const { recipientId, ciphertext } = message(recipient.id);
      const body = `{"recipientId":"${recipientId}","ciphertext":"${ciphertext}","meta":${meta}}`;
      const answer = await sender.post('/messages', body);
      if (answer.status === 200) assert.equal(JSON.stringify(assertSent(answer).meta), meta);
      else assertRefused(answer, 400, 'invalid_request');
    }
    const numbers = (await waiting(recipient)).map(({ sequence }) => sequence);
    assert.deepEqual(
      numbers,
      numbers.map((_, n) => n + 1),
    );
  });

  test('bodies that are no JSON object, and other content, are refused', async () => {
    const sender = await stage.account();
    const paths = ['/messages', '/messages/ack', '/keys/upload', '/groups/sender-key/distribute'];
    for (const path of paths) {
      for (const body of ['', '{', '[]', 'null', '"text"', '7']) {
        assertRefused(await sender.post(path, body), 400, 'invalid_request');
      }
      const answer = await sender.post(path, '{}', { 'content-type': 'text/plain' });
      assertRefused(answer, 415, 'unsupported_media_type');
    }
  });

  test('ids that are none are refused, and other paths are not there', async () => {
    const account = await stage.account();
    for (const answer of [
      await account.bundle('somebody'),
      await account.claim('somebody'),
      await account.ack('something'),
      await account.ensureSession('somebody'),
    ]) {
      assertRefused(answer, 400, 'invalid_request');
    }
    for (const path of ['', '/', '/nothing', '/keys', '/messages', '/sessions']) {
      assert.equal((await account.get(path)).status, 404, path);
    }
  });
});
