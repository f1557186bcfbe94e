import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RelayError } from './errors.js';
import { Inbox, type InboxOptions } from './inbox.js';
import type { Message } from './message.js';

function message(id: string, volatile = false): Message {
  return { id, type: 'msg', body: id, volatile };
}

function setUp(options: Partial<InboxOptions> = {}) {
  const acks: string[] = [];
  const failures: RelayError[] = [];
  const inbox = new Inbox({
    capacity: 1000,
    remember: 1000,
    acknowledge: (id) => acks.push(id),
    failed: (error) => failures.push(error),
    ...options,
  });
  return { inbox, acks, failures };
}

/** Whatever is due in this turn of the event loop has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('however often messages come, each is handed over once, in order, and acknowledged', async () => {
  const arrivals = fc.array(fc.nat(20), { maxLength: 100 });
  await fc.assert(
    fc.asyncProperty(arrivals, fc.nat(3), async (ids, slowness) => {
      const { inbox, acks } = setUp();
      const handed: string[] = [];
      const done = inbox.consume(async ({ id }) => {
        for (let i = 0; i < slowness; i++) await settled();
        handed.push(id);
      });
      for (const id of ids) {
        inbox.receive(message(`${id}`));
        if (id % 3 === 0) await settled();
      }
      const distinct = [...new Set(ids.map(String))];
      while (handed.length < distinct.length) await settled();
      await settled();
      assert.deepEqual(handed, distinct);
      assert.deepEqual(new Set(acks), new Set(distinct));
      inbox.close();
      await done;
    }),
    { numRuns: 50 },
  );
});

test('a message is acknowledged only after its handler resolved', async () => {
  const { inbox, acks } = setUp();
  let finish = () => {};
  void inbox.consume(() => new Promise<void>((resolve) => (finish = resolve)));
  inbox.receive(message('a'));
  await settled();
  inbox.receive(message('a'));
  await settled();
  assert.deepEqual(acks, [], 'not while it is handled, even when it comes again');
  finish();
  await settled();
  assert.deepEqual(acks, ['a']);
  inbox.receive(message('a'));
  assert.deepEqual(acks, ['a', 'a'], 'again when it comes again');
});

test('asking an iterator for the next message acknowledges the one before', async () => {
  const { inbox, acks } = setUp();
  for (const id of ['a', 'b', 'c']) inbox.receive(message(id));
  const messages = inbox.messages();
  await messages.next();
  assert.deepEqual(acks, []);
  await messages.next();
  assert.deepEqual(acks, ['a']);
  await messages.return();
  assert.deepEqual(acks, ['a'], 'who leaves has not asked for the next');
  const later = inbox.messages();
  assert.equal((await later.next()).value?.id, 'c');
  inbox.receive(message('b'));
  assert.equal((await later.next()).value?.id, 'b', 'what was left comes again and is handed over again');
});

test('a message whose handler failed is not acknowledged and is handed over when it comes again', async () => {
  const { inbox, acks, failures } = setUp();
  let calls = 0;
  void inbox.consume(() => {
    calls += 1;
    if (calls === 1) throw new Error('disk full');
  });
  inbox.receive(message('a'));
  await settled();
  assert.deepEqual(acks, []);
  assert.deepEqual(
    failures.map(({ code }) => code),
    ['handler_failed'],
  );
  inbox.receive(message('a'));
  await settled();
  assert.equal(calls, 2);
  assert.deepEqual(acks, ['a']);
});

test('a volatile message is neither acknowledged nor remembered', async () => {
  const { inbox, acks } = setUp();
  const handed: string[] = [];
  void inbox.consume(({ id }) => void handed.push(id));
  inbox.receive(message('a', true));
  inbox.receive(message('a', true));
  await settled();
  assert.deepEqual(handed, ['a', 'a']);
  assert.deepEqual(acks, []);
});

test('what does not fit is neither remembered nor acknowledged, so that it comes again', async () => {
  const { inbox, acks, failures } = setUp({ capacity: 1 });
  for (const id of ['a', 'b']) inbox.receive(message(id));
  assert.deepEqual(
    failures.map(({ code }) => code),
    ['inbox_full'],
  );
  const handed: string[] = [];
  void inbox.consume(({ id }) => void handed.push(id));
  await settled();
  inbox.receive(message('b'));
  await settled();
  assert.deepEqual(handed, ['a', 'b']);
  assert.deepEqual(acks, ['a', 'b']);
});

test('closing ends the consumer and leaves what was not handled to come again', async () => {
  const { inbox, acks } = setUp();
  for (const id of ['a', 'b']) inbox.receive(message(id));
  const messages = inbox.messages();
  await messages.next();
  inbox.close();
  assert.equal((await messages.next()).done, true);
  assert.deepEqual(acks, ['a']);
});

test('there is one consumer at a time', async () => {
  const { inbox } = setUp();
  void inbox.consume(() => {});
  await assert.rejects(inbox.messages().next(), TypeError);
});
