import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, bundle, CAPS, keySession, newName, ownerOf, queued, text } from './bench.js';

const TTL = 120;

/** What nobody renews is gone; asserted only after the time has passed, so a slow machine changes nothing. */
export function lifetimeRules(bench: Bench): void {
  test('a name that nobody renews is forgotten with all it held', async () => {
    const store = await bench.open({ ttlMs: TTL });
    const [name, alias, nickname, friend] = [newName(), newName(), newName(), newName()];
    const session = keySession(bench);
    await store.admit(name, session);
    await store.putBundle(name, bundle('a', 2, 'sealed hash'));
    const owner = await ownerOf(store, name);
    await store.claimAlias(alias, { owner, proven: true });
    await store.claimNickname(nickname, { owner: name, proven: true, sealed: 'x' });
    await store.grant(owner, friend, 'sealed friend');
    await store.append(name, text('old'), true);
    await bench.elapse(TTL + 10);

    assert.equal(await store.isOwned(name), false);
    assert.equal(await store.resume(name, session.tokenHash), null);
    assert.equal(await store.takeBundle(name, 'asker', CAPS), null);
    assert.deepEqual(await store.randomDiscoverable(5), []);
    assert.equal(await store.lookupNickname(nickname), null);
    assert.equal(await store.route(alias), alias);
    assert.deepEqual(await store.granted(name), []);
    assert.deepEqual(await queued(store, name), []);
    const anew = await store.append(name, text('new'), true);
    assert.deepEqual(anew, { status: 'ok', name, sequence: 1 });
    assert.equal(await store.resume(name, session.tokenHash), null, 'not even by a session that outlived it');
    assert.equal((await store.putBundle(name, bundle('a', 2))).created, true);
  });

  test('senders keep a mailbox alive, but not what only its owner renews', async () => {
    const store = await bench.open({ ttlMs: TTL, senderShare: 1 });
    const [name, alias] = [newName(), newName()];
    await store.putBundle(name, bundle('a', 2, 'sealed hash'));
    const owner = await ownerOf(store, name);
    await store.claimAlias(alias, { owner, proven: true });
    await store.grant(owner, newName(), 'sealed friend');
    for (let step = 0; step < 6; step++) {
      await bench.elapse(TTL / 4);
      await store.append(name, text(`${step}`), true);
    }
    assert.equal(await store.takeBundle(name, 'asker', CAPS), null);
    assert.deepEqual(await store.granted(name), []);
    assert.equal(await store.route(alias), alias);
    assert.deepEqual(await store.randomDiscoverable(5), []);
  });

  test('a message is dropped at its age, and its room is free again', async () => {
    const store = await bench.open({ ttlMs: TTL, mailboxMessages: 1, senderShare: 1 });
    const name = newName();
    await store.own(name);
    await store.append(name, text('old'), true);
    await bench.elapse(TTL / 2);
    await store.own(name);
    await bench.elapse(TTL / 2 + 10);
    assert.deepEqual(await queued(store, name), []);
    assert.equal((await store.append(name, text('new'), true)).status, 'ok');
    assert.deepEqual(await queued(store, name), ['new']);
  });
}
