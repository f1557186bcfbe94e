import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAMES_IN, FRAMES_OUT } from '@blindpost/protocol/relay';
import { makeIdentity } from '@blindpost/testbed/keys';
import { assertError, member, shaped } from './answers.js';
import { onEveryStore, type Stage } from './stage.js';

/** A sender and a live recipient. */
async function pair(stage: Stage) {
  const [sender, recipient] = [makeIdentity(), makeIdentity()];
  const [from, to] = await Promise.all([stage.wire.login(sender), stage.wire.login(recipient)]);
  return { sender, recipient, from, to, hash: recipient.hash };
}

await onEveryStore('relay', (stage) => {
  test('a live recipient gets msg with an id of the server, the sender learns that it was delivered', async () => {
    const { from, to, hash } = await pair(stage);
    from.send({ type: 'relay', payload: { to: hash, body: { sealed: 'x' }, id: 'mine' } });
    const frame = await to.next('msg');
    shaped(FRAMES_OUT.msg, frame);
    assert.deepEqual(frame.payload, { sealed: 'x' });
    const status = await from.next('delivery_status');
    assert.deepEqual(status, { type: 'delivery_status', target: hash, id: 'mine', status: 'delivered' });
  });

  test('the sender is sealed: a message has a type, an id and a payload, and nothing else', async () => {
    const { from, to, sender, hash } = await pair(stage);
    from.send({ type: 'relay', to: hash, body: 'x', id: 'secret-id', sender: 'me', from: 'me' });
    const frame = await to.next('msg');
    assert.deepEqual(Object.keys(frame).sort(), ['id', 'payload', 'type']);
    assert.equal(JSON.stringify(to.frames).includes(sender.hash), false);
    assert.equal(JSON.stringify(to.frames).includes('secret-id'), false);
  });

  test('both types, both places of the members, and three names of the recipient', async () => {
    const { from, to, hash } = await pair(stage);
    for (const type of ['relay', 'send_message']) {
      for (const name of ['to', 'target_hash', 'TargetHash']) {
        from.send({ type, payload: { [name]: hash, body: `${type} ${name} nested` } });
        from.send({ type, [name]: hash, body: `${type} ${name} flat` });
        assert.equal((await to.next('msg')).payload, `${type} ${name} nested`);
        assert.equal((await to.next('msg')).payload, `${type} ${name} flat`);
      }
    }
  });

  test('the body may be called body, data, content or bundle, and is any JSON but null', async () => {
    const { from, to, hash } = await pair(stage);
    for (const name of ['body', 'data', 'content', 'bundle']) {
      for (const value of ['text', 0, false, '', [], {}, { a: [null, 'ä€😀'] }]) {
        from.send({ type: 'relay', to: hash, [name]: value });
        assert.deepEqual((await to.next('msg')).payload, value);
      }
    }
    for (const body of [{}, { body: null }, { body: 'a', data: 'b' }, { content: 'a', bundle: 'b' }]) {
      from.send({ type: 'relay', to: hash, id: 9, ...body });
      assertError(await from.next('error'), 'ERR_MALFORMED', undefined, 9);
    }
  });

  test('a fragment arrives as an object of its members', async () => {
    const { from, to, hash } = await pair(stage);
    const fragment = { fragmentId: 'f-1', index: 0, total: 3, data: 'part' };
    from.send({ type: 'relay', to: hash, ...fragment });
    assert.deepEqual((await to.next('msg')).payload, fragment);
  });

  test('an absent recipient finds it later: queued, then queued_message', async () => {
    const sender = await stage.wire.login(makeIdentity());
    const recipient = makeIdentity();
    sender.send({ type: 'relay', to: recipient.hash, body: 'later', id: 4 });
    const status = await sender.next('delivery_status');
    assert.deepEqual(status, { type: 'delivery_status', target: recipient.hash, id: 4, status: 'queued' });
    const socket = await stage.wire.login(recipient);
    const frame = shaped(FRAMES_OUT.queued_message, await socket.next('queued_message'));
    assert.equal(frame.payload, 'later');
    assert.equal(socket.frames[0]?.type, 'auth_success');
  });

  test('own types reach the recipient as they are, live or queued', async () => {
    const { from, to, hash } = await pair(stage);
    from.send({ type: 'typing', to: hash, body: 'now' });
    assert.equal((await to.next('typing')).payload, 'now');
    const absent = makeIdentity();
    from.send({ type: 'read_receipt', to: absent.hash, body: 'then' });
    await from.next(({ status }) => status === 'queued');
    const frame = await (await stage.wire.login(absent)).next('queued_message');
    assert.deepEqual([frame.msg_type, frame.payload], ['read_receipt', 'then']);
  });

  test('nobody forges a frame of the server, nor a type that is none', async () => {
    const { from, to, hash } = await pair(stage);
    const ours = [...Object.keys(FRAMES_OUT), 'pong', 'error', 'auth_success'];
    const wrong = ours.filter((type) => !Object.hasOwn(FRAMES_IN, type));
    for (const type of [...wrong, 'Typing', 'a'.repeat(33), 'a-b', 'a b', '', 'ä', '__proto__.x']) {
      from.send({ type, to: hash, body: 'forged', id: type.slice(0, 20) || 'empty' });
      assertError(await from.next('error'), 'ERR_MALFORMED');
    }
    from.send({ type: 'relay', to: hash, body: 'marker' });
    assert.equal((await to.next('msg')).payload, 'marker');
    assert.equal(JSON.stringify(to.frames).includes('forged'), false);
  });

  test('types named like members of an object are own types or malformed, never more', async () => {
    const { from, to, hash } = await pair(stage);
    for (const type of ['constructor', '__proto__', 'tostring', 'hasownproperty']) {
      from.sendRaw(JSON.stringify({ type, to: hash, body: 'x', id: type }));
      await from.next(({ type, id }) => (type === 'error' || type === 'delivery_status') && id !== undefined);
    }
    from.send({ type: 'relay', to: hash, body: 'marker' });
    await to.next(({ payload }) => payload === 'marker');
  });

  test('an alias nobody has is not found; a hash nobody has is queued', async () => {
    const { from } = await pair(stage);
    from.send({ type: 'relay', to: 'no-such-alias', body: 'x', id: 'a1' });
    assertError(await from.next('error'), 'ERR_NOT_FOUND', undefined, 'a1');
    from.send({ type: 'relay', to: makeIdentity().hash, body: 'x', id: 'a2' });
    assert.equal((await from.next('delivery_status')).status, 'queued');
  });

  test('ids come back as they were: text, digits and numbers', async () => {
    const { from, hash } = await pair(stage);
    for (const id of ['a', '12', 12, 0, 'ä😀', 'x'.repeat(128)]) {
      from.send({ type: 'relay', to: hash, body: 'x', id });
      assert.strictEqual((await from.next('delivery_status')).id, id);
    }
    for (const id of ['', 'x'.repeat(129), -1, 1.5, null, {}, []]) {
      from.send({ type: 'relay', to: hash, body: 'x', id });
      assertError(await from.next('error'), 'ERR_MALFORMED', 'id');
    }
  });

  test('200 messages each of 5 senders arrive in the order of their sender', async () => {
    const recipient = makeIdentity();
    const to = await stage.wire.login(recipient);
    const senders = await Promise.all(Array.from({ length: 5 }, () => stage.wire.login(makeIdentity())));
    const arrived = Array.from({ length: 5 }, (): unknown[] => []);
    // Four rounds, because a mailbox holds 500, and one sender's share of it is 100.
    for (let round = 0; round < 4; round += 1) {
      for (let n = round * 50; n < round * 50 + 50; n += 1) {
        for (const [who, sender] of senders.entries()) {
          sender.send({ type: 'relay', to: recipient.hash, body: { who, n } });
        }
      }
      const ids: unknown[] = [];
      while (ids.length < 250) {
        const { id, payload } = await to.next('msg');
        arrived[Number(member(payload, 'who'))]?.push(member(payload, 'n'));
        ids.push(id);
      }
      to.send({ type: 'delivery_ack', ids });
      await to.settle();
    }
    const inOrder = Array.from({ length: 200 }, (_, n) => n);
    for (const each of arrived) assert.deepEqual(each, inOrder);
  });

  test('a frame of 64 KiB passes, a larger one closes 1009', async () => {
    const { from, to, hash } = await pair(stage);
    const frame = (bytes: number): string => {
      const empty = JSON.stringify({ type: 'relay', to: hash, body: '' });
      return JSON.stringify({ type: 'relay', to: hash, body: 'b'.repeat(bytes - empty.length) });
    };
    from.sendRaw(frame(65_536));
    assert.ok(String((await to.next('msg')).payload).length > 65_000);
    from.sendRaw(frame(65_537));
    assert.equal((await from.closed()).code, 1009);
  });

  test('trailing white space is accepted, as is white space in front', async () => {
    const { from, to, hash } = await pair(stage);
    const frame = JSON.stringify({ type: 'relay', to: hash, body: 'padded' });
    from.sendRaw(frame.padEnd(1536));
    from.sendRaw(`${frame}${' \t\r\n'.repeat(400)}`);
    from.sendRaw(`\n ${frame}`);
    for (let n = 0; n < 3; n += 1) assert.equal((await to.next('msg')).payload, 'padded');
  });

  test('what is no frame is malformed, and the socket stays', async () => {
    const { from, to, hash } = await pair(stage);
    const deep = `{"type":"relay","to":"${hash}","body":${'['.repeat(70)}${']'.repeat(70)}}`;
    for (const raw of [
      '',
      '{',
      'null',
      '[]',
      '1',
      '"x"',
      '{}',
      '{"type":5}',
      '{"type":"relay"}',
      'x',
      deep,
    ]) {
      from.sendRaw(raw);
      assertError(await from.next('error'), 'ERR_MALFORMED');
    }
    for (const to of [5, null, '', 'a b', 'x'.repeat(129), [hash], {}]) {
      from.send({ type: 'relay', to, body: 'x' });
      assertError(await from.next('error'), 'ERR_MALFORMED', 'to');
    }
    from.send({ type: 'relay', to: hash, body: `${'['.repeat(60)}` });
    await to.next('msg');
  });

  test('one may write to oneself', async () => {
    const identity = makeIdentity();
    const socket = await stage.wire.login(identity);
    socket.send({ type: 'relay', to: identity.hash, body: 'note' });
    assert.equal((await socket.next('msg')).payload, 'note');
    await socket.next('delivery_status');
  });
});

await onEveryStore(
  'relay for existing clients',
  (stage) => {
    test('RELAY_COMPAT_SENDER adds the sender, live and queued', async () => {
      const { from, to, sender, hash } = await pair(stage);
      from.send({ type: 'relay', to: hash, body: 'x' });
      assert.equal((await to.next('msg')).sender, sender.hash);
      const absent = makeIdentity();
      from.send({ type: 'relay', to: absent.hash, body: 'x' });
      await from.next(({ status }) => status === 'queued');
      const later = await stage.wire.login(absent);
      assert.equal((await later.next('queued_message')).sender, sender.hash);
    });
  },
  { env: { RELAY_COMPAT_SENDER: 'true' } },
);
