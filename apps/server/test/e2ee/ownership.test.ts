import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { AckAnswer, Bundle, Envelope, PublicBundle, Session } from '@blindpost/protocol/e2ee';
import { makeIdentity } from '@blindpost/testbed/keys';
import { makeAccount } from '@blindpost/testbed/wire-account';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { assertOk, assertRefused, member, shaped } from '../relay/answers.js';
import { waiting } from './answers.js';
import { bytes, message } from './messages.js';
import { given, sent } from './people.js';
import { ask, routesTo } from './routes.js';
import { onEveryStage, type Stage } from './stage.js';

/** An account, and the same key registered anew. */
async function withKey(stage: Stage): Promise<{ wire: E2eeWire; anew: () => Promise<E2eeWire> }> {
  const identity = makeIdentity();
  const register = async () => stage.client(await makeAccount(stage.url, { identity }));
  return { wire: await register(), anew: register };
}

await onEveryStage('ownership', (stage) => {
  const trio = async (): Promise<[E2eeWire, E2eeWire, E2eeWire]> => [
    await stage.account(),
    await stage.account(),
    await stage.account(),
  ];

  test('an ack of an envelope of another is answered as one of no envelope, and changes nothing', async () => {
    const [alice, bob, eve] = await trio();
    const { id } = await sent(alice, bob.id);
    const unknown = await eve.ack(randomUUID());
    assertRefused(unknown, 404, 'not_found');
    // Neither a stranger nor the sender: who may not acknowledge learns nothing by trying.
    for (const other of [eve, alice]) {
      const answer = await other.ack(id);
      assert.equal(answer.status, unknown.status);
      assert.equal(answer.raw.toString(), unknown.raw.toString());
      assert.deepEqual(Object.keys(answer.headers).sort(), Object.keys(unknown.headers).sort());
    }
    const shouted = await eve.ack(id.toUpperCase());
    assert.equal(shouted.raw.toString(), unknown.raw.toString());
    assert.deepEqual(
      (await waiting(bob)).map((envelope) => envelope.id),
      [id],
    );
    assert.equal(assertOk(await bob.ack(id), Envelope).deliveryStatus, 2);
    // It is acknowledged, and still nobody else's.
    assert.equal((await eve.ack(id)).raw.toString(), unknown.raw.toString());
  });

  test('an ack of many counts what is one’s own and passes over the rest', async () => {
    const [alice, bob, eve] = await trio();
    const theirs = await sent(alice, bob.id);
    const own = await sent(alice, eve.id);
    const ids = [theirs.id, randomUUID()];
    const ack = async (body: object) => assertOk(await eve.post('/messages/ack', body), AckAnswer);
    assert.deepEqual(await ack({ ids }), { acknowledged: 0 });
    assert.deepEqual(await ack({ ids: [...ids, own.id, own.id] }), { acknowledged: 1 });
    assert.deepEqual(await ack({ upTo: Number.MAX_SAFE_INTEGER }), { acknowledged: 0 });
    assert.equal((await waiting(bob)).length, 1);
  });

  test('the same over the socket', async () => {
    const [alice, bob, eve] = await trio();
    const { id } = await sent(alice, bob.id);
    const socket = await eve.listen();
    for (const [ref, data] of [{ ids: [id] }, { upTo: 1_000 }].entries()) {
      socket.send({ type: 'e2ee.ack', ref, data });
      const frame = await socket.next((each) => each.ref === ref);
      assert.deepEqual(shaped(AckAnswer, frame.data), { acknowledged: 0 });
    }
    assert.equal((await waiting(bob)).length, 1);
    assert.deepEqual(socket.of('e2ee.envelope'), []);
  });

  test('everyone reads his own queue, by every query', async () => {
    const [alice, bob, eve] = await trio();
    await sent(alice, bob.id);
    const queries = ['', `recipientId=${bob.id}`, `accountId=${bob.id}`, 'after=0', `recipient_id=${bob.id}`];
    for (const query of queries) {
      for (const person of [eve, alice]) {
        const answer = await person.get(`/messages/pending?${query}`);
        if (answer.status === 200) assert.equal(answer.raw.toString().trim(), '[]', query);
        else assertRefused(answer, 400, 'invalid_request');
      }
    }
    // And there is no way to one envelope but the queue.
    const { id } = given((await waiting(bob))[0]);
    for (const person of [eve, alice, bob]) {
      assert.equal((await person.get(`/messages/${id}`)).status, 404);
      assert.equal((await person.request(`/api/e2ee/messages/${id}`, { method: 'DELETE' })).status, 404);
    }
    assert.equal((await waiting(bob)).length, 1);
  });

  test('a sender learns from no answer what became of an envelope', async () => {
    const [alice, bob] = await trio();
    const body = message(bob.id, { clientMessageId: randomUUID() });
    const first = assertOk(await alice.send(body), Envelope);
    const unread = { deliveryStatus: 0, deliveredAt: null, ackedAt: null };
    const told = ({ deliveryStatus, deliveredAt, ackedAt }: Envelope) => ({
      deliveryStatus,
      deliveredAt,
      ackedAt,
    });
    assert.deepEqual(told(first), unread);
    const [delivered] = await waiting(bob);
    assert.equal(delivered?.deliveryStatus, 1);
    assert.deepEqual(assertOk(await alice.send(body), Envelope), first);
    const acked = assertOk(await bob.ack(first.id), Envelope);
    assert.equal(acked.deliveryStatus, 2);
    assert.ok(acked.deliveredAt !== null && acked.ackedAt !== null);
    assert.deepEqual(assertOk(await alice.send(body), Envelope), first);
    const socket = await alice.listen();
    socket.send({ type: 'e2ee.send', ref: 1, data: body });
    assert.deepEqual((await socket.next('e2ee.sent')).data, first);
  });

  test('nobody sends, uploads or opens a session in the name of another', async () => {
    const [alice, bob, eve] = await trio();
    const names = { senderId: alice.id, sender_id: alice.id, accountId: alice.id, account_id: alice.id };
    const sends = await eve.send({ ...message(bob.id), ...names });
    if (sends.status === 200) assert.equal(sends.json.senderId, eve.id);
    for (const { senderId } of await waiting(bob)) assert.equal(senderId, eve.id);
    const uploads = await eve.post('/keys/upload', { ...makeE2eeUpload(), ...names });
    if (uploads.status === 200) assert.equal(uploads.json.accountId, eve.id);
    assertRefused(await alice.get('/keys/me'), 404, 'not_found');
    const opened = await eve.post(`/sessions/${bob.id}`, { initiatedById: alice.id, accountAId: alice.id });
    if (opened.status !== 200) return;
    const { accountAId, accountBId, initiatedById } = shaped(Session, opened.json);
    assert.deepEqual([accountAId, accountBId], [eve.id, bob.id].sort());
    assert.equal(initiatedById, eve.id);
  });

  test('a session belongs to its two: a third gets one of her own', async () => {
    const [alice, bob, eve] = await trio();
    const open = async (person: E2eeWire, peer: E2eeWire, body = {}) =>
      assertOk(await person.post(`/sessions/${peer.id}`, body), Session);
    const first = await open(alice, bob, { hint: 'alice and bob', meta: { of: 'alice' } });
    assert.equal((await open(bob, alice, { hint: 'again' })).id, first.id);
    for (const peer of [alice, bob]) {
      const other = await open(eve, peer);
      assert.notEqual(other.id, first.id);
      assert.deepEqual({ hint: other.hint, meta: other.meta }, { hint: null, meta: null });
      assert.equal(other.initiatedById, eve.id);
    }
    // The id of a session is no peer.
    assertRefused(await eve.post(`/sessions/${first.id}`, {}), 404, 'not_found');
    assertRefused(await eve.post(`/sessions/${eve.id}`, {}), 400, 'self_recipient');
  });

  test('what others see of a bundle is what is public', async () => {
    const [alice, bob] = await trio();
    const bundle = assertOk(await alice.upload(makeE2eeUpload(3, { meta: { a: [1] } })), Bundle);
    const views = [
      await bob.get(`/keys/${alice.id}/bundle?consumeOneTimePreKey=false`),
      await bob.get(`/keys/${alice.id}/bundle`),
      await bob.claim(alice.id),
      await alice.get('/keys/me'),
    ];
    for (const view of views) {
      const seen = assertOk(view, PublicBundle);
      for (const name of [
        'id',
        'createdAt',
        'updatedAt',
        'oneTimePreKeysRemaining',
        'oneTimePreKeysStored',
      ]) {
        assert.equal(Object.hasOwn(view.json, name), false, name);
      }
      assert.equal(seen.identityKey, bundle.identityKey);
      assert.deepEqual(seen.meta, { a: [1] });
    }
    assert.equal(member(views[3]?.json, 'oneTimePreKey'), null, 'one’s own look takes none');
  });

  test('an unknown account is not found, whichever route is asked', async () => {
    const [alice, bob] = await trio();
    const nobody = { id: randomUUID() };
    for (const route of routesTo(nobody)) {
      if (!route.path.includes(nobody.id) && !JSON.stringify(route.body ?? '').includes(nobody.id)) continue;
      assertRefused(await ask(alice, route), 404, 'not_found');
    }
    // An account without a bundle is there for messages and not found for keys.
    assertRefused(await alice.get(`/keys/${bob.id}/bundle`), 404, 'not_found');
    assertRefused(await alice.claim(bob.id), 404, 'not_found');
    await sent(alice, bob.id);
  });

  test('an account that is erased is gone: keys, queue, sessions and sockets', async () => {
    const [alice, eve] = await trio();
    const { wire: bob, anew: register } = await withKey(stage);
    assertOk(await bob.upload(makeE2eeUpload(20)), Bundle);
    const body = message(bob.id, { clientMessageId: randomUUID() });
    assertOk(await alice.send(body), Envelope);
    const keeper = await sent(bob, alice.id);
    assertOk(await alice.post(`/sessions/${bob.id}`, {}), Session);
    const socket = await bob.listen();
    const answer = await bob.erase();
    assert.equal(answer.status, 204, String(answer));
    assert.equal((await socket.closed()).code, 1008);
    for (const route of routesTo(eve)) assertRefused(await ask(bob, route), 401, 'unauthorized');
    assertRefused(await alice.get(`/keys/${bob.id}/bundle`), 404, 'not_found');
    assertRefused(await alice.claim(bob.id), 404, 'not_found');
    assertRefused(await alice.post(`/sessions/${bob.id}`, {}), 404, 'not_found');
    assertRefused(await eve.send(message(bob.id)), 404, 'not_found');
    assertRefused(await alice.send(message(bob.id)), 404, 'not_found');
    // What was already sent to others is theirs.
    assert.deepEqual(
      (await waiting(alice)).map(({ id }) => id),
      [keeper.id],
    );
    assertOk(await alice.ack(keeper.id), Envelope);

    // Whoever registers the key again begins with nothing.
    const anew = await register();
    assert.deepEqual(await waiting(anew), []);
    assertRefused(await anew.get('/keys/me'), 404, 'not_found');
    assert.deepEqual((await anew.get('/keys/status')).json, { oneTimePreKeys: 0, low: true });
    await sent(alice, anew.id, { ciphertext: bytes(5) });
    assert.equal((await waiting(anew)).length, 1);
    const session = assertOk(await eve.post(`/sessions/${anew.id}`, {}), Session);
    assert.equal(session.lastMessageAt, null);
  });

  test('an account that is erased while it is written to leaves no half of it behind', async () => {
    for (let n = 0; n < 5; n += 1) {
      const alice = await stage.account();
      const { wire: bob, anew } = await withKey(stage);
      const writing = Array.from({ length: 24 }, () => alice.send(message(bob.id)));
      const [left, ...answers] = await Promise.all([bob.erase(), ...writing]);
      assert.equal(left.status, 204, String(left));
      for (const answer of answers) {
        if (answer.status !== 200) assertRefused(answer, 404, 'not_found');
      }
      assertRefused(await alice.send(message(bob.id)), 404, 'not_found');
      assert.deepEqual(await waiting(await anew()), []);
    }
  });
});
