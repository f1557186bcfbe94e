import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import fc from 'fast-check';
import type { ServiceError } from '../errors/service-error.js';
import { E2eeClient, type E2eeClientOptions, type ReceivedEnvelope, type State } from './index.js';
import { type Frame, PEER, refusal, StandIn, until } from './stand-in.fixture.js';

const server = new StandIn();
const clients: E2eeClient[] = [];

before(() => server.start());
after(() => server.stop());
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.reset();
});

const text = ({ ciphertext }: { ciphertext: Uint8Array }) => new TextDecoder().decode(ciphertext);
const bytes = (plain: string) => new TextEncoder().encode(plain);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A client that writes down what it is given. */
function make(options: Partial<E2eeClientOptions> = {}) {
  const got: string[] = [];
  const errors: ServiceError[] = [];
  const states: State[] = [];
  const client = new E2eeClient({
    url: server.url,
    tokens: { token: async () => 'good' },
    onEnvelope: (envelope) => void got.push(text(envelope)),
    onError: (error) => errors.push(error),
    onState: (state) => states.push(state),
    ...options,
  });
  clients.push(client);
  return { client, got, errors, states };
}

const send = (client: E2eeClient, plain: string) =>
  client.send({ recipientId: PEER, ciphertext: bytes(plain) });

test('what waits and what comes is handed over in order and acknowledged', async () => {
  server.pushes = false;
  const { client, got, errors, states } = make();
  await client.open();
  for (const plain of ['a', 'b']) server.push(server.store(plain));
  await until(() => got.length === 2 && server.queue.length === 0);
  server.say({ type: 'e2ee.queue.empty', data: {} });
  for (const plain of ['c', 'd']) server.push(server.store(plain));
  await until(() => got.length === 4 && server.queue.length === 0);
  assert.deepEqual(got, ['a', 'b', 'c', 'd']);
  assert.deepEqual(errors, []);
  assert.deepEqual(states, ['connecting', 'open']);
  const acks = server.frames.map(({ data }) => Object.keys(data));
  assert.deepEqual(acks, [['ids'], ['upTo']], 'by number once everything that waited was shown');
});

test('sends cut off in the middle go again under the same ids, in order, and each resolves once', async () => {
  let taken = 0;
  server.onFrame = ({ type }, socket) => {
    if (type !== 'e2ee.send') return false;
    taken += 1;
    if (taken === 5 || taken === 30) socket.terminate();
    // What came with the last is stored, but its answer is lost with the connection.
    return false;
  };
  const { client } = make();
  await client.open();
  const plains = Array.from({ length: 20 }, (_, n) => `${n}`);
  const stored = await Promise.all(plains.map((plain) => send(client, plain)));
  assert.deepEqual(stored.map(text), plains);
  assert.equal(new Set(stored.map(({ id }) => id)).size, plains.length);
  const ids = new Map<unknown, Set<unknown>>();
  for (const { data } of server.frames) {
    ids.set(data.ciphertext, (ids.get(data.ciphertext) ?? new Set()).add(data.clientMessageId));
  }
  assert.ok([...ids.values()].every((each) => each.size === 1));
  assert.equal(server.stored.size, plains.length);
  assert.equal(server.logins, 3);
});

test('no more envelopes are on their way than allowed', async () => {
  let flying = 0;
  let most = 0;
  server.onFrame = ({ ref }, socket) => {
    flying += 1;
    most = Math.max(most, flying);
    setTimeout(() => {
      flying -= 1;
      server.say({ type: 'error', ref, data: refusal('queue_full') }, socket);
    }, 1);
    return true;
  };
  const { client } = make({ inFlight: 4 });
  await client.open();
  const sent = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => send(client, `${n}`)));
  assert.ok(sent.every(({ status }) => status === 'rejected'));
  assert.equal(most, 4);
});

test('a refusal rejects its own envelope; one for the moment is tried again after the told time', async () => {
  let refused = 0;
  server.onFrame = ({ type, ref, data }, socket) => {
    if (type !== 'e2ee.send' || data.groupId === null) return false;
    const code = String(data.groupId);
    if (code === 'rate_limit_exceeded' && refused++ > 0) return false;
    server.say({ type: 'error', ref, data: refusal(code, { retryAfter: 0.05 }) }, socket);
    return true;
  };
  const { client } = make();
  await client.open();
  const like = (groupId: string | null) =>
    client.send({ recipientId: PEER, ciphertext: bytes('x'), groupId });
  const [first, second, third] = await Promise.allSettled([like(null), like('self_recipient'), like(null)]);
  assert.deepEqual([first.status, second.status, third.status], ['fulfilled', 'rejected', 'fulfilled']);
  assert.equal(second.status === 'rejected' && second.reason.code, 'self_recipient');
  const since = performance.now();
  await like('rate_limit_exceeded');
  assert.ok(performance.now() - since >= 49);
});

test('an envelope that comes again is handled once and acknowledged again', async () => {
  const held: Frame[] = [];
  server.onFrame = (frame) => frame.type === 'e2ee.ack' && held.push(frame) > 0;
  for (const plain of ['a', 'b']) server.store(plain);
  const { client, got } = make();
  await client.open();
  await until(() => held.length > 0);
  server.onFrame = () => false;
  server.cut();
  await until(() => server.queue.length === 0);
  assert.deepEqual(got, ['a', 'b']);
});

test('a handler that throws is given the envelope again, and those behind it wait', async () => {
  for (const plain of ['a', 'b']) server.store(plain);
  const calls: string[] = [];
  const { client, errors } = make({
    onEnvelope: (envelope) => {
      calls.push(text(envelope));
      if (calls.length <= 2) throw new Error('disk full');
    },
  });
  await client.open();
  await until(() => server.queue.length === 0);
  assert.deepEqual(calls, ['a', 'a', 'a', 'b']);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['handler_failed', 'handler_failed'],
  );
});

test('a gap in what is pushed is closed from the store; expired envelopes leave gaps for good', async () => {
  server.store('a');
  const { client, got } = make();
  await client.open();
  await until(() => got.length === 1);
  for (const plain of ['b', 'gone', 'c']) server.store(plain);
  server.queue = server.queue.filter(({ ciphertext }) => atob(ciphertext) !== 'gone');
  server.push(server.store('d'));
  await until(() => got.length === 4);
  const asked = server.of('e2ee/messages/pending').length;
  server.push(server.store('e'));
  await until(() => got.length === 5 && server.queue.length === 0);
  assert.deepEqual(got, ['a', 'b', 'c', 'd', 'e']);
  assert.equal(server.of('e2ee/messages/pending').length, asked, 'and is not asked for what follows');
});

test('an envelope shown that the store has no more does not have the client ask for ever', async () => {
  const { client, got } = make();
  await client.open();
  server.store('gone');
  server.store('gone too');
  const [, shown] = server.queue.splice(0);
  assert.ok(shown !== undefined);
  server.push(shown);
  await until(() => server.of('e2ee/messages/pending').length === 1);
  server.push(server.store('next'));
  await until(() => got.length === 1);
  await pause(50);
  assert.equal(server.of('e2ee/messages/pending').length, 1);
});

test('a server that counts from an earlier number loses nothing and has nothing acknowledged unseen', async () => {
  for (const plain of ['a', 'b', 'c']) server.store(plain);
  const { client, got } = make();
  await client.open();
  await until(() => server.queue.length === 0);
  server.countFrom(2);
  for (const plain of ['B', 'C']) server.store(plain);
  server.cut();
  await until(() => got.length === 5 && server.queue.length === 0);
  server.push(server.store('D'));
  await until(() => got.length === 6 && server.queue.length === 0);
  assert.deepEqual(got, ['a', 'b', 'c', 'B', 'C', 'D']);
});

test('a slow handler has no more waiting than allowed, its own sends are answered, and all comes', async () => {
  const plains = Array.from({ length: 60 }, (_, n) => `${n}`);
  for (const plain of plains) server.store(plain);
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const got: string[] = [];
  const { client, errors } = make({
    inbox: 4,
    onEnvelope: async (envelope) => {
      await gate;
      // Waits for an answer on the socket whose envelopes wait for it.
      await send(client, 'reply');
      got.push(text(envelope));
    },
  });
  await client.open();
  await pause(100);
  assert.equal(server.frames.length, 0, 'nothing is acknowledged that is not handled');
  assert.equal(server.of('e2ee/messages/pending').length, 0, 'nothing is fetched that has no room');
  open();
  await until(() => got.length === plains.length && server.queue.length === 0);
  assert.deepEqual(got, plains);
  assert.deepEqual(errors, []);
  const takes = server.of('e2ee/messages/pending').map(({ query }) => Number(query.get('take')));
  assert.ok(takes.every((take) => take <= 4));
});

test('refused acknowledgements are given again', async () => {
  let refusals = 2;
  server.onFrame = ({ type, ref }, socket) => {
    if (type !== 'e2ee.ack' || refusals-- <= 0) return false;
    server.say({ type: 'error', ref, data: refusal('unavailable', { retryAfter: 0 }) }, socket);
    return true;
  };
  server.store('a');
  const { client, got, errors } = make();
  await client.open();
  await until(() => server.queue.length === 0);
  assert.deepEqual(got, ['a']);
  assert.equal(errors.length, 2);
});

test('frames that are not the protocol are told and bring nothing down', async () => {
  const { client, got, errors } = make();
  await client.open();
  const { deliveryStatus, deliveredAt, ackedAt, expiresAt, ...honest } = server.store('honest');
  const nonsense: unknown[] = [
    '',
    'null',
    '[]',
    { type: 'e2ee.envelope' },
    { type: 'e2ee.envelope', data: { ...honest, sequence: 0 } },
    { type: 'e2ee.envelope', data: { ...honest, sequence: 1.5 } },
    { type: 'e2ee.envelope', data: { ...honest, ciphertext: 'no base64!' } },
    { type: 'e2ee.envelope', data: { ...honest, id: 'x' } },
    { type: 'e2ee.sent', ref: 99, data: honest },
    { type: 'e2ee.acked', ref: 'ack99', data: { acknowledged: 1 } },
    { type: 'error', ref: 99, data: null },
    { type: 'constructor', data: {} },
    { type: 7 },
  ];
  for (const frame of nonsense) server.say(frame);
  await until(() => errors.length === nonsense.length);
  assert.ok(errors.every(({ code }) => code === 'bad_answer'));
  server.say({ type: 'e2ee.envelope', data: honest });
  await until(() => got.length === 1);
  assert.equal(client.state, 'open');
  await fc.assert(
    fc.asyncProperty(
      fc.jsonValue(),
      fc.constantFrom('e2ee.envelope', 'e2ee.sent', 'error'),
      async (data, type) => {
        server.say({ type, ref: data, data });
      },
    ),
  );
  assert.equal((await send(client, 'still there')).recipientId, PEER);
});

test('an answer that is no envelope rejects the send it answers', async () => {
  server.onFrame = ({ ref }, socket) => {
    server.say({ type: 'e2ee.sent', ref, data: { id: 'x' } }, socket);
    return true;
  };
  const { client } = make();
  await client.open();
  await assert.rejects(send(client, 'a'), { code: 'bad_answer' });
});

test('a token that ended is replaced, and the client comes back with what was unanswered', async () => {
  const asked: unknown[] = [];
  let valid = 't1';
  server.admits = (token) => token === valid;
  const { client, errors } = make({
    tokens: {
      token: async (refused) => {
        asked.push(refused);
        return refused === undefined ? 't1' : valid;
      },
    },
  });
  await client.open();
  valid = 't2';
  server.onFrame = () => true;
  const sent = send(client, 'a');
  await until(() => server.frames.length === 1);
  server.onFrame = () => false;
  server.socket.close(1008);
  await sent;
  assert.deepEqual(asked, [undefined, 't1']);
  assert.deepEqual(errors, []);
});

test('an account refused for good ends the client, a token source that stumbles does not', async () => {
  let stumbles = 2;
  const token = async () => {
    if (stumbles-- > 0) throw new TypeError('no network');
    return 'good';
  };
  const { client, errors, states } = make({ tokens: { token } });
  await client.open();
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['token_failed', 'token_failed'],
  );
  assert.equal(states.at(-1), 'open');
  server.admits = () => false;
  const other = make();
  await assert.rejects(other.client.open(), { code: 'unauthorized' });
  await assert.rejects(send(other.client, 'a'), { code: 'unauthorized' });
  assert.equal(other.client.state, 'closed');
});

test('closing acknowledges what was handled, rejects what is unanswered, and ends it at any moment', async () => {
  server.store('a');
  server.onFrame = ({ type }) => type === 'e2ee.send';
  const { client, got } = make();
  await client.open();
  const unanswered = assert.rejects(send(client, 'x'), { code: 'closed' });
  await until(() => got.length === 1);
  await client.close();
  await unanswered;
  assert.equal(server.queue.length, 0);
  await assert.rejects(client.open(), { code: 'closed' });
  const idle = make();
  await idle.client.close();
  assert.equal(idle.client.state, 'closed');
  const early = make({ url: 'http://127.0.0.1:9' });
  const opening = assert.rejects(early.client.open(), { code: 'closed' });
  await early.client.close();
  await opening;
});

test('there is one handler', () => {
  const { client } = make();
  assert.throws(() => client.subscribe(() => {}), TypeError);
});

test('an aborted send rejects with its reason and never leaves when it had not', async () => {
  const { client } = make();
  const abort = new AbortController();
  const aborted = assert.rejects(
    client.send({ recipientId: PEER, ciphertext: bytes('a') }, { signal: abort.signal }),
    (reason) => reason === 'enough',
  );
  const kept = send(client, 'b');
  abort.abort('enough');
  await aborted;
  await client.open();
  await kept;
  assert.deepEqual(
    [...server.stored.values()].map(({ ciphertext }) => atob(ciphertext)),
    ['b'],
  );
});

test('under random drops, duplicates, delays and lost acks the handler sees what was stored, once and in order', async () => {
  const step = fc.constantFrom(
    'push',
    'push',
    'push',
    'mute',
    'again',
    'shuffle',
    'cut',
    'wait',
    'send',
    'lose',
    'deaf',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(3), async (steps, slowness) => {
      await server.reset();
      const got: ReceivedEnvelope[] = [];
      const { client } = make({
        inbox: 8,
        onEnvelope: async (envelope) => {
          if (slowness > 0) await pause(slowness);
          got.push(envelope);
        },
      });
      await client.open();
      const sent: Promise<string>[] = [];
      let number = 0;
      for (const move of steps) {
        const live = client.state === 'open';
        if (move === 'push' || move === 'mute') {
          const envelope = server.store(`${number++}`);
          if (live && move === 'push') server.push(envelope);
        }
        if (live && move === 'again') for (const envelope of server.queue) server.push(envelope);
        if (live && move === 'shuffle')
          for (const envelope of server.queue.toReversed()) server.push(envelope);
        if (move === 'cut') server.cut();
        if (move === 'wait') await pause(3);
        if (move === 'send') sent.push(send(client, `${sent.length}`).then(text));
        if (move === 'lose') {
          let lost = 2;
          server.onFrame = ({ type }) => type === 'e2ee.ack' && lost-- > 0;
        }
        if (live && move === 'deaf') {
          // It dies soon: what it did not take by now it never will.
          const dying = server.socket;
          server.onFrame = (_frame, socket) => socket === dying;
        }
      }
      server.onFrame = () => false;
      server.cut();
      await until(() => got.length >= number && server.queue.length === 0);
      assert.deepEqual(
        got.map(text),
        Array.from({ length: number }, (_, n) => `${n}`),
      );
      const plains = sent.map((_, n) => `${n}`);
      assert.deepEqual(await Promise.all(sent), plains);
      assert.deepEqual(
        [...server.stored.values()].map(({ ciphertext }) => atob(ciphertext)),
        plains,
      );
      await client.close();
    }),
    { numRuns: 60 },
  );
});
