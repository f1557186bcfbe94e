import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RelayStore } from '../store.js';
import { admitted, type Bench, newName, newSalt, queued, text } from './bench.js';

const full = (scope: 'sender' | 'mailbox' | 'memory') => ({ status: 'full', scope });
/** What a message of type `msg` is charged with beyond its payload. */
const CHARGE = 128 + 3;

export function mailboxRules(bench: Bench): void {
  test('messages are read as they were queued, in order, until they are acknowledged', async () => {
    const store = await bench.open();
    const name = newName();
    const bytes = Buffer.from([0, 255, 10, 13, 0, 128]);
    const salt = newSalt();
    assert.deepEqual(await store.read(name, 0, 10, 1_000), []);
    const first = { kind: 'binary', type: 'sealed_message', payload: bytes, sender: 'a', salt } as const;
    assert.deepEqual(await store.append(name, first, true), { status: 'ok', name, sequence: 1 });
    assert.deepEqual(await store.append(name, text('zwei', 'b'), true), { status: 'ok', name, sequence: 2 });
    const [one, two, ...none] = await store.read(name, 0, 10, 1_000);
    assert.deepEqual(none, []);
    const id = `0000000000000001${salt}`;
    assert.deepEqual(one, { sequence: 1, id, kind: 'binary', type: 'sealed_message', payload: bytes });
    assert.equal(two?.kind, 'text');
    assert.equal(two?.payload.toString(), 'zwei');
    assert.equal(await store.ack(name, [id]), 1);
    assert.equal(await store.ack(name, [id]), 0);
    assert.deepEqual(await queued(store, name), ['zwei']);
  });

  test('messages alike in everything are distinct', async () => {
    const store = await bench.open({ mailboxMessages: 100, senderShare: 1 });
    const name = newName();
    const twin = text('same');
    await Promise.all(Array.from({ length: 50 }, () => store.append(name, twin, true)));
    assert.equal((await queued(store, name)).length, 50);
  });

  test('an empty payload is a message too', async () => {
    const store = await bench.open();
    const name = newName();
    await store.append(name, text(''), true);
    assert.deepEqual(await queued(store, name), ['']);
  });

  test('a read begins after a sequence and ends at count or bytes, but never empty-handed', async () => {
    const store = await bench.open({ mailboxMessages: 100 });
    const name = newName();
    for (let index = 1; index <= 40; index++)
      await store.append(name, text('x'.repeat(100), `${index}`), true);
    const sequences = async (after: number, count: number, bytes: number) =>
      (await store.read(name, after, count, bytes)).map(({ sequence }) => sequence);
    assert.deepEqual(await sequences(0, 3, 10_000), [1, 2, 3]);
    assert.deepEqual(await sequences(38, 10, 10_000), [39, 40]);
    assert.deepEqual(await sequences(10, 10, 2 * (100 + CHARGE)), [11, 12]);
    assert.deepEqual(await sequences(10, 10, 0), [11]);
    assert.deepEqual(await sequences(40, 10, 10_000), []);
    assert.equal((await sequences(0, 100, 100_000)).length, 40);
  });

  test('an identity hash is created by its first message, another name is not', async () => {
    const store = await bench.open();
    const name = newName();
    assert.deepEqual(await store.append(name, text('x'), false), { status: 'absent' });
    assert.equal((await store.append(name, text('x'), true)).status, 'ok');
    assert.equal((await store.append(name, text('y'), false)).status, 'ok');
    assert.equal(await store.isOwned(name), false);
  });

  test('an ack touches its own mailbox only, and only what bears its salt', async () => {
    const store = await bench.open();
    const [name, other] = [newName(), newName()];
    await store.append(name, text('x'), true);
    await store.append(other, text('y'), true);
    const [message] = await store.read(name, 0, 1, 1_000);
    const id = message?.id ?? '';
    const strange = [`0000000000000001${newSalt()}`, `0000000000000009${id.slice(16)}`, '', 'x', id.slice(1)];
    strange.push(`${id}00`, `ffffffffffffffff${id.slice(16)}`, '../../etc');
    assert.equal(await store.ack(other, [id]), 0);
    assert.equal(await store.ack(name, strange), 0);
    assert.deepEqual(await queued(store, name), ['x']);
    assert.equal(await store.ack(name, [...strange, id, id]), 1);
    assert.equal(await store.ack(newName(), [id]), 0);
    assert.deepEqual(await queued(store, other), ['y']);
  });

  test('acks out of order leave the rest in order', async () => {
    const store = await bench.open({ senderShare: 1 });
    const name = newName();
    for (let index = 1; index <= 8; index++) await store.append(name, text(`${index}`), true);
    const ids = (await store.read(name, 0, 10, 1_000)).map(({ id }) => id);
    const acked = [ids[6], ids[0], ids[3]].filter((id) => id !== undefined);
    assert.equal(await store.ack(name, acked), 3);
    assert.deepEqual(await queued(store, name), ['2', '3', '5', '6', '8']);
    const appended = await store.append(name, text('9'), true);
    assert.deepEqual(appended, { status: 'ok', name, sequence: 9 });
  });

  test('one sender fills at most a share of a mailbox, and what is acked is free again', async () => {
    const store = await bench.open({ mailboxMessages: 6, senderShare: 0.5 });
    const name = newName();
    for (let index = 0; index < 3; index++) await store.append(name, text('x', 'flood'), true);
    assert.deepEqual(await store.append(name, text('x', 'flood'), true), full('sender'));
    assert.equal((await store.append(name, text('y', 'other'), true)).status, 'ok');
    await ackFirst(store, name);
    assert.equal((await store.append(name, text('x', 'flood'), true)).status, 'ok');
    assert.deepEqual(await store.append(name, text('x', 'flood'), true), full('sender'));
  });

  test('a full mailbox refuses and evicts nothing', async () => {
    const store = await bench.open({ mailboxMessages: 4, senderShare: 0.5 });
    const name = newName();
    for (const [index, sender] of ['a', 'b', 'c', 'd'].entries()) {
      assert.equal((await store.append(name, text(`${index}`, sender), true)).status, 'ok');
    }
    assert.deepEqual(await store.append(name, text('x', 'e'), true), full('mailbox'));
    assert.deepEqual(await store.append(name, text('x', 'a'), true), full('mailbox'));
    assert.deepEqual(await queued(store, name), ['0', '1', '2', '3']);
    await ackFirst(store, name);
    const appended = await store.append(name, text('x', 'e'), true);
    assert.deepEqual(appended, { status: 'ok', name, sequence: 5 });
  });

  test('bytes are charged with type and overhead, per sender and per mailbox', async () => {
    const store = await bench.open({ mailboxBytes: 4 * (100 + CHARGE), senderShare: 0.5 });
    const name = newName();
    const [fits, tooLarge] = ['x'.repeat(100 + CHARGE + 100), 'x'.repeat(100 + CHARGE + 101)];
    assert.deepEqual(await store.append(name, text(tooLarge, 'a'), true), full('sender'));
    assert.equal((await store.append(name, text(fits, 'a'), true)).status, 'ok');
    assert.deepEqual(await store.append(name, text('', 'a'), true), full('sender'));
    assert.equal((await store.append(name, text(fits, 'b'), true)).status, 'ok');
    assert.deepEqual(await store.append(name, text('', 'c'), true), full('mailbox'));
    await ackFirst(store, name);
    assert.equal((await store.append(name, text(fits, 'c'), true)).status, 'ok');
  });

  test('a refusal creates nothing', async () => {
    const store = await bench.open({ mailboxBytes: 400 });
    const name = newName();
    assert.deepEqual(await store.append(name, text('x'.repeat(400)), true), full('sender'));
    assert.deepEqual(await store.append(name, text('x'), false), { status: 'absent' });
  });

  test('through an alias the quotas of the owner apply', async () => {
    const store = await bench.open({ mailboxMessages: 2, senderShare: 1 });
    const [alias, owner] = [newName(), await admitted(bench, store)];
    await store.claimAlias(alias, { owner, proven: false });
    await store.append(alias, text('1'), false);
    await store.append(owner.name, text('2'), true);
    assert.deepEqual(await store.append(alias, text('3'), false), full('sender'));
    assert.deepEqual(await store.append(alias, text('3', 'else'), false), full('mailbox'));
    assert.deepEqual(await queued(store, owner.name), ['1', '2']);
  });

  test('totals count identities, messages and their bytes', async () => {
    const store = await bench.open();
    const [first, second] = [newName(), newName()];
    await store.append(first, text('1234'), true);
    await store.append(second, text('12'), true);
    await store.append(second, text('1'), true);
    await store.own(newName());
    await ackFirst(store, second);
    assert.deepEqual(await store.totals(), { identities: 3, messages: 2, bytes: 2 * CHARGE + 5 });
  });
}

async function ackFirst(store: RelayStore, name: string): Promise<void> {
  const [message] = await store.read(name, 0, 1, 1_000);
  assert.equal(await store.ack(name, [message?.id ?? '']), 1);
}
