import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { ManualClock } from '../../../../platform/clock.manual.js';
import { systemRandom } from '../../../../platform/random.js';
import { AesSealer } from '../../../../platform/secrets/sealer.js';
import { Unavailable } from '../../../../platform/unavailable.js';
import { bundle, CAPS, LIMITS, newName, ownerOf, queued, text } from '../contract/bench.js';
import { live, OWNER_DEEDS } from '../contract/deeds.js';
import type { RelayStoreLimits } from '../store.js';
import { MemoryRelayStore } from './index.js';

const TTL = 1_000_000;
const CHARGE = 128 + 'msg'.length;
const FULL = { status: 'full', scope: 'memory' };

function openStore(limits: Partial<RelayStoreLimits> = {}, maxRecords?: number) {
  const clock = new ManualClock();
  const sealer = new AesSealer(randomBytes(32));
  const all = { ...LIMITS, ttlMs: TTL, ...limits };
  return { clock, store: new MemoryRelayStore(all, sealer, clock, systemRandom, maxRecords) };
}

describe('relay store in memory: lifetimes', () => {
  for (const [deed, perform] of Object.entries(OWNER_DEEDS)) {
    test(`${deed} renews everything of the owner, to the millisecond`, async () => {
      const { clock, store } = openStore();
      const life = await live(clock, store);
      const { name, alias, nickname } = life;
      clock.advance(TTL - 1);
      await perform(store, life, clock);
      clock.advance(TTL - 1);
      assert.equal(await store.isOwned(name), true);
      assert.equal((await store.takeBundle(name, 'asker', CAPS))?.sealed, 'sealed-keys');
      assert.deepEqual(await store.granted(name), ['sealed friend']);
      assert.equal(await store.route(alias), name);
      assert.equal(await store.lookupNickname(nickname), 'sealed nickname');
      assert.deepEqual(await store.randomDiscoverable(1), ['sealed hash']);
      assert.deepEqual(await queued(store, name), [], 'a message is not renewed');
      clock.advance(1);
      assert.equal(await store.isOwned(name), false);
      assert.equal(await store.takeBundle(name, 'asker', CAPS), null);
      assert.equal(await store.route(alias), alias);
      assert.equal(await store.lookupNickname(nickname), null);
      assert.deepEqual(await store.randomDiscoverable(1), []);
      await store.close();
    });
  }

  test('a message renews the mark and its mailbox, nothing else', async () => {
    const { clock, store } = openStore();
    const { name, alias, nickname } = await live(clock, store);
    clock.advance(TTL - 1);
    await store.append(name, text('late'), false);
    clock.advance(TTL - 1);
    assert.equal(await store.isOwned(name), true);
    assert.deepEqual(await queued(store, name), ['late']);
    assert.equal(await store.takeBundle(name, 'asker', CAPS), null);
    assert.deepEqual(await store.granted(name), []);
    assert.equal(await store.route(alias), alias);
    assert.equal(await store.lookupNickname(nickname), null);
    clock.advance(1);
    assert.equal(await store.isOwned(name), false);
    await store.close();
  });

  test('what expired goes although nobody asks for it, and then no timer is left', async () => {
    const { clock, store } = openStore();
    const { name, alias, nickname } = await live(clock, store);
    clock.advance(TTL + 10_000);
    const left = store.snapshot();
    for (const trace of [name, alias, nickname, 'sealed']) assert.ok(!left.includes(trace));
    assert.deepEqual(await store.totals(), { identities: 0, messages: 0, bytes: 0 });
    assert.equal(clock.timers, 0);
    await store.close();
  });

  test('closing leaves no timer', async () => {
    const { clock, store } = openStore();
    await store.own(newName());
    assert.equal(clock.timers, 1);
    await store.close();
    assert.equal(clock.timers, 0);
  });
});

describe('relay store in memory: bounds', () => {
  test('all mailboxes together hold no more than their bound, exactly', async () => {
    const { clock, store } = openStore({ memoryBytes: 3 * (10 + CHARGE) });
    const [first, second] = [newName(), newName()];
    const ten = () => text('x'.repeat(10));
    const third = newName();
    for (const name of [first, second, third]) await store.own(name);
    for (const name of [first, second, second]) {
      assert.equal((await store.append(name, ten(), true)).status, 'ok');
    }
    assert.deepEqual(await store.append(first, text(''), true), FULL);
    const [message] = await store.read(second, 0, 1, 1_000);
    await store.ack(second, [message?.id ?? '']);
    assert.deepEqual(await store.append(first, text('x'.repeat(11)), true), FULL);
    assert.equal((await store.append(first, ten(), true)).status, 'ok');
    await store.burn(second);
    assert.equal((await store.append(third, ten(), true)).status, 'ok');
    clock.advance(TTL + 10_000);
    await store.own(third);
    assert.equal((await store.append(third, text('x'.repeat(30 + 2 * CHARGE)), true)).status, 'ok');
    await store.close();
  });

  test('mailboxes of names that nobody uses get half of the memory, until someone comes', async () => {
    const { clock, store } = openStore({ memoryBytes: 4 * CHARGE });
    const [first, second, third, owned] = [newName(), newName(), newName(), newName()];
    const send = async (name: string) => (await store.append(name, text(''), true)).status;
    await store.own(owned);
    assert.equal(await send(first), 'ok');
    assert.equal(await send(second), 'ok');
    assert.deepEqual(await store.append(third, text(''), true), FULL);
    assert.deepEqual(await store.append(first, text(''), true), FULL);
    assert.equal(await send(owned), 'ok');
    await store.admit(first, { by: 'work', tokenHash: newName(), expiresAt: clock.now() + 1_000 });
    assert.equal(await send(third), 'ok', 'a login lifts its mailbox out of the strangers’ half');
    assert.deepEqual(await store.append(owned, text(''), true), FULL, 'and then all of it is full');
    await store.burn(second);
    assert.equal(await send(owned), 'ok');
    clock.advance(TTL + 10_000);
    for (const name of [newName(), newName()]) assert.equal(await send(name), 'ok');
    assert.deepEqual(await store.append(newName(), text(''), true), FULL);
    await store.close();
  });

  test('bundles count like messages; past the bound only one that is no larger is taken in', async () => {
    const { store } = openStore({ memoryBytes: 2_000 });
    const [name, other] = [newName(), newName()];
    await store.putBundle(name, bundle('a', 10));
    await assert.rejects(store.putBundle(other, bundle('b', 10)), Unavailable);
    assert.equal(await store.standing(other), null, 'what was refused leaves nothing');
    await assert.rejects(store.putBundle(name, bundle('a', 20)), Unavailable);
    assert.equal((await store.putBundle(name, bundle('b', 10))).stock, 10);
    const large = text('x'.repeat(1_000));
    assert.deepEqual(await store.append(name, large, true), FULL);
    await store.putBundle(name, bundle('c', 1));
    assert.equal((await store.append(name, large, true)).status, 'ok');
    await store.burn(name);
    await store.putBundle(other, bundle('b', 10));
    assert.equal((await store.totals()).bytes, 0, 'totals speak of messages');
    await store.close();
  });

  test('grants and references count, and are free again when they end', async () => {
    const { store } = openStore({ memoryBytes: 1_000, mailboxMessages: 100 });
    const [name, peer, alias] = [newName(), newName(), newName()];
    const large = text('x'.repeat(1_000 - CHARGE));
    const fits = async () => {
      const { status } = await store.append(name, large, false);
      const [message] = await store.read(name, 0, 1, 1);
      await store.ack(name, [message?.id ?? '']);
      return status === 'ok';
    };
    await store.own(name);
    const owner = await ownerOf(store, name);
    assert.equal(await fits(), true);
    await store.grant(owner, peer, 'x');
    assert.equal(await fits(), false);
    await store.revoke(owner, peer);
    assert.equal(await fits(), true);
    await store.claimAlias(alias, { owner, proven: false });
    assert.equal(await fits(), false);
    await store.burn(alias);
    assert.equal(await fits(), true);
    await store.close();
  });

  test('senders fill three quarters of the records, owners the rest, and nobody is evicted', async () => {
    const { store } = openStore({}, 4);
    const names = [newName(), newName(), newName(), newName()] as const;
    for (const name of names.slice(0, 3)) await store.append(name, text('x'), true);
    assert.deepEqual(await store.append(names[3], text('x'), true), FULL);
    assert.equal((await store.append(names[0], text('x'), true)).status, 'ok');
    await store.own(names[3]);
    await assert.rejects(store.own(newName()), Unavailable);
    const claim = { owner: newName(), proven: false, sealed: 'x' };
    await assert.rejects(store.claimNickname(newName(), claim), Unavailable);
    await store.own(names[0]);
    assert.deepEqual(await queued(store, names[1]), ['x']);
    await store.burn(names[1]);
    await store.own(newName());
    await store.close();
  });

  test('a payload is kept as it was given, not copied', async () => {
    const { store } = openStore();
    const name = newName();
    const message = text('x');
    await store.append(name, message, true);
    const [read] = await store.read(name, 0, 1, 1);
    assert.equal(read?.payload, message.payload);
    await store.close();
  });
});
