import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { localError, RelayError } from './errors.js';
import { Outbox, type Outgoing } from './outbox.js';
import { RateBucket } from './rate.js';

/** A peer that takes frames in order and answers them in order, as the relay does. */
class Peer {
  readonly outbox: Outbox;
  readonly failures: RelayError[] = [];
  /** Frames taken, over all connections. */
  taken: string[] = [];
  #unanswered: string[] = [];

  constructor(capacity = 1000, rate?: RateBucket) {
    this.outbox = new Outbox({ capacity, rate, failed: (error) => this.failures.push(error) });
  }

  get unanswered(): number {
    return this.#unanswered.length;
  }

  open(): void {
    this.drop();
    this.outbox.open((frame) => {
      this.#unanswered.push(String(frame));
      this.taken.push(String(frame));
    });
  }

  drop(): void {
    this.#unanswered = [];
    this.outbox.drop();
  }

  accept(): void {
    this.outbox.answered(Number(this.#unanswered.shift()), { status: 'queued' });
  }

  refuse(code: 'ERR_RATE_LIMIT' | 'ERR_UNAVAILABLE' | 'ERR_QUEUE_FULL', named = true): void {
    const id = Number(this.#unanswered.shift());
    this.outbox.refused(named ? id : undefined, new RelayError(code, '', { retryAfter: 0 }));
  }

  send(extra: Partial<Outgoing> = {}): Promise<unknown> {
    const id = this.outbox.nextId();
    return this.outbox.add({ id, frame: String(id), expects: 'delivery_status', ...extra });
  }
}

/** Timers of zero milliseconds have run. */
const timers = () => new Promise((resolve) => setTimeout(resolve, 2));

function code(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof RelayError ? error.code : error),
  );
}

test('under random drops and refusals every frame settles, and first arrivals keep the order', async () => {
  const step = fc.constantFrom('send', 'send', 'accept', 'accept', 'limit', 'away', 'drop', 'open', 'wait');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, named) => {
      const peer = new Peer();
      const outcomes: Promise<unknown>[] = [];
      for (const move of steps) {
        if (move === 'send') outcomes.push(code(peer.send()));
        if (move === 'accept' && peer.unanswered > 0) peer.accept();
        if (move === 'limit' && peer.unanswered > 0) peer.refuse('ERR_RATE_LIMIT', named);
        if (move === 'away' && peer.unanswered > 0) peer.refuse('ERR_UNAVAILABLE', named);
        if (move === 'drop') peer.drop();
        if (move === 'open') peer.open();
        if (move === 'wait') await timers();
      }
      peer.open();
      await timers();
      while (peer.unanswered > 0) peer.accept();
      assert.deepEqual(new Set(await Promise.all(outcomes)), new Set(outcomes.length > 0 ? ['ok'] : []));
      const first = [...new Set(peer.taken.map(Number))];
      assert.deepEqual(
        first,
        outcomes.map((_, i) => i + 1),
      );
      assert.deepEqual(peer.failures, []);
    }),
  );
});

test('after a drop the unanswered go again in the original order, the answered do not', async () => {
  const peer = new Peer();
  peer.open();
  const sent = [peer.send(), peer.send(), peer.send(), peer.send()];
  peer.accept();
  peer.drop();
  sent.push(peer.send());
  peer.taken = [];
  peer.open();
  assert.deepEqual(peer.taken, ['2', '3', '4', '5']);
  while (peer.unanswered > 0) peer.accept();
  await Promise.all(sent);
});

test('a frame refused for now stops the line and goes again before what never went', async () => {
  const peer = new Peer();
  peer.open();
  const sent = [peer.send(), peer.send()];
  peer.refuse('ERR_RATE_LIMIT');
  peer.refuse('ERR_RATE_LIMIT');
  sent.push(peer.send());
  assert.deepEqual(peer.taken, ['1', '2'], 'nothing leaves while the line is stopped');
  await timers();
  assert.deepEqual(peer.taken, ['1', '2', '1', '2', '3']);
  while (peer.unanswered > 0) peer.accept();
  await Promise.all(sent);
});

test('any other refusal rejects its own frame and no other', async () => {
  const peer = new Peer();
  peer.open();
  const outcomes = [peer.send(), peer.send(), peer.send()].map(code);
  peer.accept();
  peer.refuse('ERR_QUEUE_FULL');
  peer.accept();
  assert.deepEqual(await Promise.all(outcomes), ['ok', 'ERR_QUEUE_FULL', 'ok']);
});

test('a refusal without a name belongs to the oldest unanswered frame', async () => {
  const peer = new Peer();
  peer.open();
  const outcomes = [peer.send(), peer.send(), peer.send()].map(code);
  peer.accept();
  peer.refuse('ERR_QUEUE_FULL', false);
  peer.accept();
  assert.deepEqual(await Promise.all(outcomes), ['ok', 'ERR_QUEUE_FULL', 'ok']);
});

test('answers without a name find the oldest frame of their kind and target', async () => {
  const peer = new Peer();
  peer.open();
  const settled: string[] = [];
  const note = (name: string) => () => void settled.push(name);
  const sent = [
    peer.send().then(note('text')),
    peer.send({ expects: 'relay_success', target: 'a' }).then(note('a1')),
    peer.send({ expects: 'relay_success', target: 'b' }).then(note('b')),
    peer.send({ expects: 'relay_success', target: 'a' }).then(note('a2')),
    peer.send({ expects: 'presence_ok' }).then(note('presence')),
  ];
  const { outbox } = peer;
  assert.equal(outbox.answeredNext('relay_success', { status: 'queued' }, 'a'), true);
  assert.equal(outbox.answeredNext('presence_ok', {}), true);
  assert.equal(outbox.answeredNext('relay_success', { status: 'queued' }, 'c'), false, 'none of ours');
  peer.accept();
  assert.equal(outbox.answeredNext('relay_success', { status: 'queued' }, 'a'), true);
  assert.equal(outbox.answeredNext('relay_success', { status: 'queued' }, 'b'), true);
  await Promise.all(sent);
  assert.deepEqual(settled, ['a1', 'presence', 'text', 'a2', 'b']);
});

test('the answer to an aborted frame is not taken for the answer to the next', async () => {
  for (const named of [true, false]) {
    const peer = new Peer();
    peer.open();
    const abort = new AbortController();
    const kind: Partial<Outgoing> = named ? {} : { expects: 'relay_success', target: 'a' };
    const aborted = code(peer.send({ ...kind, signal: abort.signal }));
    const kept = code(peer.send({ expects: 'relay_success', target: 'a' }));
    abort.abort('enough');
    assert.equal(await aborted, 'enough');
    if (named) peer.accept();
    else peer.outbox.answeredNext('relay_success', { status: 'queued' }, 'a');
    peer.outbox.refused(undefined, new RelayError('ERR_QUEUE_FULL', ''));
    assert.equal(await kept, 'ERR_QUEUE_FULL');
  }
});

test('a frame aborted before it left never leaves', async () => {
  const peer = new Peer();
  const abort = new AbortController();
  const aborted = code(peer.send({ signal: abort.signal }));
  const kept = peer.send();
  abort.abort('enough');
  assert.equal(await aborted, 'enough');
  assert.equal(await code(peer.send({ signal: abort.signal })), 'enough', 'nor one whose signal was aborted');
  peer.open();
  assert.deepEqual(peer.taken, ['2']);
  peer.accept();
  await kept;
});

test('beyond its capacity a send is told so, and an answer or an abort makes room', async () => {
  const peer = new Peer(2);
  const abort = new AbortController();
  const sent = [code(peer.send()), code(peer.send({ signal: abort.signal }))];
  assert.equal(await code(peer.send()), 'outbox_full');
  abort.abort('enough');
  sent.push(code(peer.send()));
  peer.open();
  assert.equal(await code(peer.send()), 'outbox_full');
  peer.accept();
  sent.push(code(peer.send()));
  while (peer.unanswered > 0) peer.accept();
  assert.deepEqual(await Promise.all(sent), ['ok', 'enough', 'ok', 'ok']);
});

test('frames that go out twice count once', async () => {
  const peer = new Peer(3);
  peer.open();
  const sent = [code(peer.send()), code(peer.send())];
  peer.drop();
  peer.open();
  sent.push(code(peer.send()));
  while (peer.unanswered > 0) peer.accept();
  assert.deepEqual(await Promise.all(sent), ['ok', 'ok', 'ok']);
});

test('frames aborted on their way make room when the connection drops', async () => {
  const peer = new Peer(1);
  peer.open();
  const abort = new AbortController();
  const aborted = code(peer.send({ signal: abort.signal }));
  abort.abort('enough');
  assert.equal(await aborted, 'enough');
  assert.equal(await code(peer.send()), 'outbox_full', 'its answer is still to come');
  peer.drop();
  const kept = code(peer.send());
  peer.open();
  peer.accept();
  assert.equal(await kept, 'ok');
});

test('frames leave no faster than the rate, and a refusal for the rate empties the allowance', async () => {
  let now = 0;
  const peer = new Peer(1000, new RateBucket({ burst: 3, perSecond: 1 }, () => now));
  peer.open();
  const sent = [peer.send({ cost: 2 }), peer.send()];
  assert.deepEqual(peer.taken, ['1', '2']);
  now += 60_000;
  peer.refuse('ERR_RATE_LIMIT');
  await timers();
  assert.deepEqual(peer.taken, ['1', '2'], 'full again, were it not for the refusal');
  peer.accept();
  peer.outbox.close(localError('closed'));
  assert.deepEqual(await Promise.all(sent.map(code)), ['closed', 'ok']);
});

test('what is worth nothing later is refused without a connection and when it drops', async () => {
  const peer = new Peer();
  assert.equal(await code(peer.send({ once: true })), 'disconnected');
  peer.open();
  const once = code(peer.send({ once: true }));
  const kept = code(peer.send());
  peer.drop();
  assert.equal(await once, 'disconnected');
  peer.taken = [];
  peer.open();
  assert.deepEqual(peer.taken, ['3'], 'and is not sent again');
  peer.accept();
  assert.equal(await kept, 'ok');
});

test('closing rejects everything unanswered and everything after', async () => {
  const peer = new Peer();
  const waiting = code(peer.send());
  peer.open();
  const outcomes = [waiting, code(peer.send())];
  peer.outbox.close(localError('closed'));
  assert.deepEqual(await Promise.all([...outcomes, code(peer.send())]), ['closed', 'closed', 'closed']);
});

test('a refusal that names no frame of ours is told and touches none', async () => {
  const peer = new Peer();
  peer.open();
  const sent = peer.send();
  for (const id of [0, 99, 'x', null]) peer.outbox.refused(id, new RelayError('ERR_QUEUE_FULL', ''));
  assert.equal(peer.failures.length, 4);
  assert.equal(peer.outbox.answered(99, { status: 'queued' }), false);
  peer.accept();
  await sent;
});
