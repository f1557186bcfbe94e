import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { WireSocket } from '@blindpost/testbed/wire-socket';
import { assertError } from './answers.js';
import { onEveryStore, type Stage } from './stage.js';

async function people(stage: Stage, count: number) {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const identity = makeIdentity();
      return { hash: identity.hash, identity, socket: await stage.wire.login(identity) };
    }),
  );
}

/** Says it and waits for `presence_ok`. */
async function say(socket: WireSocket, frame: object): Promise<void> {
  socket.send(frame);
  assert.deepEqual(await socket.next('presence_ok'), { type: 'presence_ok' });
}

/** Everything that was to reach the socket before now has reached it. */
async function flushed(stage: Stage, { hash, socket }: { hash: string; socket: WireSocket }): Promise<void> {
  const marker = `marker ${Math.random()}`;
  await stage.wire.sendOnce(hash, marker);
  await socket.next(({ payload }) => payload === marker);
}

await onEveryStore('presence', (stage) => {
  test('a wish to subscribe reaches the peer with the name of who wishes', async () => {
    const [a, b] = await people(stage, 2);
    assert.ok(a && b);
    await say(a.socket, { type: 'presence_subscribe', payload: { to: b.hash } });
    const request = await b.socket.next('presence_request');
    assert.deepEqual(request, { type: 'presence_request', from: a.hash });
  });

  test('an update reaches the live peers whom the sender allowed, and nobody else', async () => {
    const [sender, allowed, asked, stranger] = await people(stage, 4);
    assert.ok(sender && allowed && asked && stranger);
    await say(sender.socket, { type: 'presence_allow', to: allowed.hash });
    await say(asked.socket, { type: 'presence_subscribe', to: sender.hash });
    // Allowing the sender is no leave to read the sender's status.
    await say(stranger.socket, { type: 'presence_allow', to: sender.hash });
    await say(sender.socket, { type: 'presence_update', status: 'here' });
    const update = await allowed.socket.next('presence_update');
    assert.deepEqual(update, { type: 'presence_update', from: sender.hash, status: 'here' });
    for (const each of [asked, stranger]) {
      await flushed(stage, each);
      assert.deepEqual(each.socket.of('presence_update'), []);
    }
  });

  test('to narrows the allowed, it never widens them', async () => {
    const [sender, one, two, stranger] = await people(stage, 4);
    assert.ok(sender && one && two && stranger);
    for (const { hash } of [one, two]) await say(sender.socket, { type: 'presence_allow', to: hash });
    await say(sender.socket, { type: 'presence_update', status: 'listed', to: [one.hash, stranger.hash] });
    assert.equal((await one.socket.next('presence_update')).status, 'listed');
    await say(sender.socket, { type: 'presence_update', status: 'single', to: two.hash });
    assert.equal((await two.socket.next('presence_update')).status, 'single');
    await flushed(stage, one);
    await flushed(stage, stranger);
    assert.equal(one.socket.of('presence_update').length, 1);
    assert.deepEqual(stranger.socket.of('presence_update'), []);
  });

  test('deny revokes', async () => {
    const [sender, peer] = await people(stage, 2);
    assert.ok(sender && peer);
    await say(sender.socket, { type: 'presence_allow', to: peer.hash });
    await say(sender.socket, { type: 'presence_deny', to: peer.hash });
    await say(sender.socket, { type: 'presence_update', status: 'secret' });
    await flushed(stage, peer);
    assert.deepEqual(peer.socket.of('presence_update'), []);
  });

  test('grants outlive the socket, updates are not stored', async () => {
    const [sender, peer] = await people(stage, 2);
    assert.ok(sender && peer);
    await say(sender.socket, { type: 'presence_allow', to: peer.hash });
    await peer.socket.close();
    const again = await stage.wire.login(sender.identity);
    await say(again, { type: 'presence_update', status: 'missed' });
    const socket = await stage.wire.login(peer.identity);
    await say(again, { type: 'presence_update', status: 'seen' });
    assert.equal((await socket.next('presence_update')).status, 'seen');
    assert.equal(socket.of('presence_update').length, 1);
  });

  test('every verb answers the same, whoever exists', async () => {
    const [sender] = await people(stage, 1);
    assert.ok(sender);
    const nobody = makeIdentity().hash;
    for (const type of ['presence_subscribe', 'presence_allow', 'presence_deny']) {
      await say(sender.socket, { type, to: nobody });
    }
    await say(sender.socket, { type: 'presence_update', status: 'x', to: [nobody] });
    await say(sender.socket, { type: 'presence_update', status: '' });
  });

  test('200 peers may be allowed, the 201st never sees an update', async () => {
    const [sender, last] = await people(stage, 2);
    assert.ok(sender && last);
    for (let n = 0; n < 200; n += 1) sender.socket.send({ type: 'presence_allow', to: makeIdentity().hash });
    for (let n = 0; n < 200; n += 1) await sender.socket.next('presence_ok');
    sender.socket.send({ type: 'presence_allow', to: last.hash });
    await sender.socket.next(({ type }) => type === 'presence_ok' || type === 'error');
    await say(sender.socket, { type: 'presence_update', status: 'x' });
    await flushed(stage, last);
    assert.deepEqual(last.socket.of('presence_update'), []);
  });

  test('a status of 64 letters, 100 peers, hashes only', async () => {
    const [sender] = await people(stage, 1);
    assert.ok(sender);
    const hashes = Array.from({ length: 101 }, () => makeIdentity().hash);
    await say(sender.socket, { type: 'presence_update', status: 's'.repeat(64), to: hashes.slice(1) });
    const wrong: [object, string][] = [
      [{ type: 'presence_update', status: 's'.repeat(65) }, 'status'],
      [{ type: 'presence_update', status: 5 }, 'status'],
      [{ type: 'presence_update' }, 'status'],
      [{ type: 'presence_update', status: 'x', to: hashes }, 'to'],
      [{ type: 'presence_update', status: 'x', to: 'an-alias' }, 'to'],
      [{ type: 'presence_allow', to: 'an-alias' }, 'to'],
      [{ type: 'presence_subscribe' }, 'to'],
      [{ type: 'presence_deny', to: [hashes[0]] }, 'to'],
    ];
    for (const [frame, field] of wrong) {
      sender.socket.send(frame);
      assertError(await sender.socket.next('error'), 'ERR_MALFORMED', field);
    }
  });
});
