import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { makeIdentity, type TestIdentity } from '@blindpost/testbed/keys';
import { fail } from '@blindpost/testbed/wire-pow';
import type { WireFrame, WireSocket } from '@blindpost/testbed/wire-socket';
import { assertError, assertRefused } from './answers.js';
import { onEveryStore, type Stage } from './stage.js';

const fresh = () => `alias.${randomBytes(8).toString('hex')}`;

/** Subscribes and answers `alias_subscribed` or the error. */
async function subscribe(
  stage: Stage,
  socket: WireSocket,
  alias: string,
  prove: (seed: string) => object = () => ({}),
): Promise<WireFrame> {
  const work = await stage.wire.work(alias, { type: 'alias' });
  socket.send({ type: 'subscribe_alias', payload: { alias, ...work, ...prove(work.seed) } });
  return socket.next(({ type }) => type === 'alias_subscribed' || type === 'error');
}

/** The proof that the holder of the key behind `hash` lets `subscriber` have it as an alias. */
const grant = (holder: TestIdentity, subscriber: TestIdentity) => (seed: string) => ({
  identityKey: holder.publicKey,
  signature: holder.sign(`ALIAS:${seed}:${holder.hash}:${subscriber.hash}`),
});

await onEveryStore('alias', (stage) => {
  test('a subscribed alias receives, live and queued', async () => {
    const identity = makeIdentity();
    const alias = fresh();
    const socket = await stage.wire.login(identity);
    assert.deepEqual(await subscribe(stage, socket, alias), { type: 'alias_subscribed', alias });
    const sender = await stage.wire.login(makeIdentity());
    sender.send({ type: 'relay', to: alias, body: 'by alias', id: 1 });
    assert.equal((await socket.next('msg')).payload, 'by alias');
    const status = await sender.next('delivery_status');
    assert.deepEqual(status, { type: 'delivery_status', target: alias, id: 1, status: 'delivered' });
    await socket.close();
    assert.equal((await stage.wire.sendOnce(alias, 'while away')).json.status, 'queued');
    const again = await stage.wire.login(identity);
    await again.next(({ payload }) => payload === 'while away');
  });

  test('the first subscriber owns it, others are told it is taken, its owner may subscribe again', async () => {
    const alias = fresh();
    const [owner, other] = await Promise.all([
      stage.wire.login(makeIdentity()),
      stage.wire.login(makeIdentity()),
    ]);
    assert.equal((await subscribe(stage, owner, alias)).type, 'alias_subscribed');
    assertError(await subscribe(stage, other, alias), 'ERR_TAKEN');
    assert.equal((await subscribe(stage, owner, alias)).type, 'alias_subscribed');
    await stage.wire.sendOnce(alias, 'to the owner');
    await owner.next('msg');
  });

  test('20 racing subscribers give one owner', async () => {
    const alias = fresh();
    const sockets = await Promise.all(Array.from({ length: 20 }, () => stage.wire.login(makeIdentity())));
    const answers = await Promise.all(sockets.map((socket) => subscribe(stage, socket, alias)));
    const won = answers.flatMap(({ type }, n) => (type === 'alias_subscribed' ? [n] : []));
    assert.equal(won.length, 1);
    for (const answer of answers) if (answer.type === 'error') assertError(answer, 'ERR_TAKEN');
    await stage.wire.sendOnce(alias, 'to the winner');
    await sockets[won[0] ?? -1]?.next('msg');
  });

  test('an alias is freed by burn, and the messages that follow go to the next owner', async () => {
    const [burned, next] = [makeIdentity(), makeIdentity()];
    const alias = fresh();
    await subscribe(stage, await stage.wire.login(burned), alias);
    await stage.wire.burn(burned);
    assertRefused(await stage.wire.sendOnce(alias, 'x'), 404, 'ERR_NOT_FOUND');
    const socket = await stage.wire.login(next);
    assert.equal((await subscribe(stage, socket, alias)).type, 'alias_subscribed');
    await stage.wire.sendOnce(alias, 'for the next');
    assert.equal((await socket.next('msg')).payload, 'for the next');
  });

  test('50 aliases, the same one again counts once, and the 51st says "limit reached"', async () => {
    const socket = await stage.wire.login(makeIdentity());
    const aliases = Array.from({ length: 50 }, fresh);
    for (const alias of aliases)
      assert.equal((await subscribe(stage, socket, alias)).type, 'alias_subscribed');
    assert.equal((await subscribe(stage, socket, aliases[0] ?? '')).type, 'alias_subscribed');
    const refused = await subscribe(stage, socket, fresh());
    assert.equal(refused.type, 'error');
    assert.match(String(refused.message), /limit reached/i);
  });

  test('it costs work bound to the alias', async () => {
    const socket = await stage.wire.login(makeIdentity());
    const [alias, other] = [fresh(), fresh()];
    const puzzle = await stage.wire.challenge({ type: 'alias' });
    socket.send({ type: 'subscribe_alias', alias, seed: puzzle.seed, nonce: fail(puzzle, alias) });
    assertError(await socket.next('error'), 'ERR_POW_INVALID');
    const work = await stage.wire.work(other, { type: 'alias' }, { notFor: alias });
    socket.send({ type: 'subscribe_alias', alias, ...work });
    assertError(await socket.next('error'), 'ERR_POW_INVALID');
    socket.send({ type: 'subscribe_alias', alias: other, ...work });
    assertError(await socket.next('error'), 'ERR_EXPIRED');
    socket.send({ type: 'subscribe_alias', alias });
    const unpaid = await socket.next('error');
    assert.ok(['ERR_MALFORMED', 'ERR_POW_INVALID'].includes(String(unpaid.error)));
    assertRefused(await stage.wire.sendOnce(alias, 'x'), 404, 'ERR_NOT_FOUND');
  });

  test('an alias that looks like an identity needs the key of that identity, whoever came first', async () => {
    const [victim, thief] = [makeIdentity(), makeIdentity()];
    const socket = await stage.wire.login(thief);
    const proofs: ((seed: string) => object)[] = [
      () => ({}),
      grant({ ...victim, sign: thief.sign }, thief),
      grant({ ...thief, hash: victim.hash }, thief),
      (seed) => ({
        identityKey: victim.publicKey,
        signature: victim.sign(`ALIAS:${seed}:${victim.hash}:${victim.hash}`),
      }),
      () => ({
        identityKey: victim.publicKey,
        signature: victim.sign(`ALIAS:${'0'.repeat(64)}:${victim.hash}:${thief.hash}`),
      }),
      () => ({ identityKey: '', signature: '' }),
      () => ({ identityKey: victim.publicKey }),
    ];
    for (const prove of proofs) {
      const answer = await subscribe(stage, socket, victim.hash, prove);
      assert.ok(['ERR_FORBIDDEN', 'ERR_MALFORMED'].includes(String(answer.error)), JSON.stringify(answer));
    }
    const mail = await stage.wire.login(victim);
    await stage.wire.sendOnce(victim.hash, 'for the victim');
    assert.equal((await mail.next('msg')).payload, 'for the victim');
  });

  test('who proves the key has the alias, and the proof wins over an earlier owner', async () => {
    const [holder, first, second] = [makeIdentity(), makeIdentity(), makeIdentity()];
    const [one, two] = await Promise.all([stage.wire.login(first), stage.wire.login(second)]);
    assert.equal((await subscribe(stage, one, holder.hash, grant(holder, first))).type, 'alias_subscribed');
    await stage.wire.sendOnce(holder.hash, 'to the first');
    assert.equal((await one.next('msg')).payload, 'to the first');
    assert.equal((await subscribe(stage, two, holder.hash, grant(holder, second))).type, 'alias_subscribed');
    await stage.wire.sendOnce(holder.hash, 'to the second');
    assert.equal((await two.next('msg')).payload, 'to the second');
  });

  test('an alias has 1 to 128 of A-Z a-z 0-9 _ . : -', async () => {
    const socket = await stage.wire.login(makeIdentity());
    for (const alias of ['', 'a b', 'x'.repeat(129), 'ä', 5, null]) {
      const work = await stage.wire.work(String(alias), { type: 'alias' });
      socket.send({ type: 'subscribe_alias', alias, ...work });
      assertError(await socket.next('error'), 'ERR_MALFORMED', 'alias');
    }
    const long = `A_.:-${randomBytes(60).toString('hex')}`.padEnd(128, 'z');
    assert.equal((await subscribe(stage, socket, long)).type, 'alias_subscribed');
  });
});
