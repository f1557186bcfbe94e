import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { Envelope, MAX_CIPHERTEXT } from '@blindpost/protocol/e2ee';
import type { E2eeItem, E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { assertOk, assertRefused, member } from '../relay/answers.js';
import { waiting } from './answers.js';
import { bytes, message } from './messages.js';
import { ackEverything, given } from './people.js';
import { onEveryStage } from './stage.js';

const PATH = '/groups/sender-key/distribute';

await onEveryStage('distribute', (stage) => {
  let alice: E2eeWire;
  let others: E2eeWire[];

  before(async () => {
    alice = await stage.account();
    others = await stage.accounts(5);
  });

  const item = (to: E2eeWire, more: object = {}): E2eeItem => ({
    recipientId: to.id,
    ciphertext: bytes(16),
    ...more,
  });
  const distribute = (items: unknown, more: object = {}): Promise<WireAnswer> =>
    alice.post(PATH, { groupId: 'room:1', items, ...more });
  const round = (count: number) =>
    Array.from({ length: count }, (_, n) => item(given(others[n % others.length])));
  const nothingCame = async (why: string) => {
    for (const other of others) assert.deepEqual(await waiting(other), [], why);
  };
  const clear = () => Promise.all(others.map(ackEverything));

  test('one bad item refuses all, and the answer names it', async () => {
    const [first] = others;
    assert.ok(first !== undefined);
    const bad: [what: string, item: unknown, status: number, code: string, field: string][] = [
      ['a stranger', { recipientId: randomUUID(), ciphertext: bytes(4) }, 404, 'not_found', 'recipientId'],
      ['oneself', item(alice), 400, 'self_recipient', 'recipientId'],
      [
        'oneself, in capitals',
        { ...item(alice), recipientId: alice.id.toUpperCase() },
        400,
        'self_recipient',
        'recipientId',
      ],
      ['no UUID', { ...item(first), recipientId: 'bob' }, 400, 'invalid_request', 'recipientId'],
      ['no ciphertext', { recipientId: first.id }, 400, 'invalid_request', 'ciphertext'],
      ['an empty one', item(first, { ciphertext: '' }), 400, 'invalid_request', 'ciphertext'],
      ['bad Base64', item(first, { ciphertext: 'AAA' }), 400, 'invalid_request', 'ciphertext'],
      ['a bad header', item(first, { header: '?' }), 400, 'invalid_request', 'header'],
      [
        'a ciphertext that is too large',
        item(first, { ciphertext: bytes(MAX_CIPHERTEXT + 1) }),
        413,
        'payload_too_large',
        'ciphertext',
      ],
      ['a wrong meta', item(first, { meta: [] }), 400, 'invalid_request', 'meta'],
    ];
    for (const [what, wrong, status, code, member] of bad) {
      for (const place of [0, 3, 9]) {
        const items: unknown[] = round(10);
        items[place] = wrong;
        assertRefused(await distribute(items), status, code, `items.${place}.${member}`);
        await nothingCame(`${what} at ${place}`);
      }
    }
    for (const nonsense of [null, 'item', [], 7]) {
      const items: unknown[] = round(10);
      items[3] = nonsense;
      const answer = await distribute(items);
      assertRefused(answer, 400, 'invalid_request');
      assert.match(String(member(answer.json.details, 'field')), /^items\.3\b/);
    }
    await nothingCame('items that are no objects');
  });

  test('a recipient that is gone refuses all', async () => {
    const gone = await stage.account();
    assert.equal((await gone.erase()).status, 204);
    const items = [...round(4), item(gone)];
    assertRefused(await distribute(items), 404, 'not_found', 'items.4.recipientId');
    await nothingCame('one is gone');
  });

  test('a repeat counts as sent and stores nothing, in part or whole, in parallel too', async () => {
    const items = round(10).map((each) => ({ ...each, clientMessageId: randomUUID() }));
    const half = items.slice(0, 5);
    assert.deepEqual((await distribute(half)).json, { sent: 5 });
    const answers = await Promise.all(Array.from({ length: 16 }, () => distribute(items)));
    for (const answer of answers) assert.deepEqual(answer.json, { sent: 10 }, String(answer));
    for (const other of others) {
      const queue = await waiting(other);
      assert.equal(queue.length, 2);
      assert.equal(new Set(queue.map(({ clientMessageId }) => clientMessageId)).size, 2);
    }
    // What one item sent is a repeat as a message of its own too: the key is the same.
    const [one] = items;
    assert.ok(one !== undefined);
    const single = { ...one, type: 1, groupId: 'room:1' };
    const envelope = assertOk(await alice.send(single), Envelope);
    assert.equal(envelope.clientMessageId, one.clientMessageId);
    assert.equal((await waiting(given(others[0]))).length, 2);
    await clear();
  });

  test('an id used for other content refuses all, and names the item', async () => {
    const [bob, carol] = others;
    assert.ok(bob !== undefined && carol !== undefined);
    const clientMessageId = randomUUID();
    await distribute([item(bob, { clientMessageId })]);
    const answer = await distribute([item(carol), item(bob, { clientMessageId })]);
    assertRefused(answer, 422, 'idempotency_mismatch');
    assert.match(String(member(answer.json.details, 'field')), /^items\.1\b/);
    assert.deepEqual(await waiting(carol), []);
    // The same within one request.
    const twice = { clientMessageId: randomUUID() };
    const both = await distribute([item(carol), item(bob, twice), item(bob, twice)]);
    assertRefused(both, 422, 'idempotency_mismatch');
    assert.match(String(member(both.json.details, 'field')), /^items\.2\b/);
    assert.deepEqual(await waiting(carol), []);
    assert.equal((await waiting(bob)).length, 1);
    await clear();
  });

  test('the same item twice in one request is one envelope', async () => {
    const [bob] = others;
    assert.ok(bob !== undefined);
    const each = item(bob, { clientMessageId: randomUUID() });
    assert.deepEqual((await distribute([each, each])).json, { sent: 2 });
    assert.equal((await waiting(bob)).length, 1);
    await clear();
  });

  test('distributions and sends that cross leave every queue without a gap', async () => {
    const crowd = await stage.accounts(6);
    const work = crowd.flatMap((sender, n) => {
      // Each goes through the recipients in an order of its own: locks taken in that order would deadlock.
      const order = others.map((_, place) => given(others[(place * 2 + n) % others.length]));
      const items = Array.from({ length: 20 }, (_, place) => item(given(order[place % order.length])));
      return [
        ...Array.from({ length: 5 }, () => sender.distribute('g', items)),
        ...order.map((to) => sender.send(message(to.id))),
      ];
    });
    for (const answer of await Promise.all(work)) assert.equal(answer.status, 200, String(answer));
    for (const other of others) {
      const queue = await waiting(other);
      assert.equal(queue.length, crowd.length * 21);
      const from = given(queue[0]).sequence;
      assert.deepEqual(
        queue.map(({ sequence }) => sequence),
        queue.map((_, n) => from + n),
      );
    }
    await clear();
  });

  test('what is refused is pushed to nobody', async () => {
    const [bob] = others;
    assert.ok(bob !== undefined);
    const socket = await bob.listen();
    assert.equal((await distribute([item(bob), item(alice)])).status, 400);
    await distribute([item(bob, { clientMessageId: 'the one' })]);
    const { data } = await socket.next('e2ee.envelope');
    assert.equal(member(data, 'clientMessageId'), 'the one');
    assert.equal(socket.of('e2ee.envelope').length, 1);
    await clear();
  });
});
