import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAMES_OUT } from '@blindpost/protocol/relay';
import { makeIdentity } from '@blindpost/testbed/keys';
import { assertError, member, shaped } from './answers.js';
import { onEveryStore } from './stage.js';

await onEveryStore('group_multicast', (stage) => {
  test('each target gets its own body as sealed_message, the sender one result per target in order', async () => {
    const members = Array.from({ length: 4 }, () => makeIdentity());
    const absent = makeIdentity();
    const from = await stage.wire.login(makeIdentity());
    const sockets = await Promise.all(members.map((identity) => stage.wire.login(identity)));
    const targets = [
      ...members.map(({ hash }, n) => ({ to: hash, body: { n } })),
      { to: absent.hash, body: 'later' },
      { to: 'no-such-alias', body: 'x' },
    ];
    from.send({ type: 'group_multicast', payload: { targets, id: 'm-1' } });
    for (const [n, socket] of sockets.entries()) {
      const frame = shaped(FRAMES_OUT.sealed_message, await socket.next('sealed_message'));
      assert.deepEqual(frame.payload, { n });
      assert.equal('sender' in frame, false);
    }
    const status = shaped(FRAMES_OUT.delivery_status, await from.next('delivery_status'));
    assert.equal(status.id, 'm-1');
    assert.deepEqual(
      status.results?.map(({ to, status, error }) => [to, status, error]),
      [
        ...members.map(({ hash }) => [hash, 'delivered', undefined]),
        [absent.hash, 'queued', undefined],
        ['no-such-alias', 'refused', 'ERR_NOT_FOUND'],
      ],
    );
    const later = await (await stage.wire.login(absent)).next('queued_message');
    assert.deepEqual([later.payload, later.msg_type], ['later', 'sealed_message']);
  });

  test('a target may have a type of its own, but never one of the server', async () => {
    const recipient = makeIdentity();
    const [from, to] = await Promise.all([stage.wire.login(makeIdentity()), stage.wire.login(recipient)]);
    const cast = (msg_type: unknown, body: string) =>
      from.send({ type: 'group_multicast', targets: [{ to: recipient.hash, body, msg_type }], id: 1 });
    cast('group_typing', 'fine');
    assert.equal((await to.next('group_typing')).payload, 'fine');
    await from.next('delivery_status');
    for (const forged of [
      'auth_success',
      'error',
      'pong',
      'presence_update',
      'alias_subscribed',
      'UPPER',
      'a b',
      5,
    ]) {
      cast(forged, 'forged');
      const answer = await from.next(({ type }) => type === 'error' || type === 'delivery_status');
      if (answer.type === 'error') assertError(answer, 'ERR_MALFORMED');
      else assert.equal(member(member(answer.results, '0'), 'status'), 'refused');
    }
    cast('marker', 'marker');
    await to.next('marker');
    assert.equal(JSON.stringify(to.frames).includes('forged'), false);
  });

  test('1 to 100 targets, each with a recipient and a body', async () => {
    const from = await stage.wire.login(makeIdentity());
    const targets = Array.from({ length: 101 }, () => ({ to: makeIdentity().hash, body: 'x' }));
    from.send({ type: 'group_multicast', targets: targets.slice(1), id: 'hundred' });
    const status = shaped(FRAMES_OUT.delivery_status, await from.next('delivery_status'));
    assert.equal(status.results?.length, 100);
    const hash = makeIdentity().hash;
    const malformed = [
      targets,
      [],
      [{ to: hash }],
      [{ body: 'x' }],
      [{ to: hash, body: null }],
      ['x'],
      'x',
      null,
    ];
    for (const wrong of malformed) {
      from.send({ type: 'group_multicast', targets: wrong, id: 'wrong' });
      assertError(await from.next('error'), 'ERR_MALFORMED', undefined, 'wrong');
    }
  });

  test('the same recipient several times gets every body in order', async () => {
    const recipient = makeIdentity();
    const [from, to] = await Promise.all([stage.wire.login(makeIdentity()), stage.wire.login(recipient)]);
    from.send({
      type: 'group_multicast',
      targets: Array.from({ length: 30 }, (_, n) => ({ to: recipient.hash, body: n })),
    });
    for (let n = 0; n < 30; n += 1) assert.equal((await to.next('sealed_message')).payload, n);
  });
});
