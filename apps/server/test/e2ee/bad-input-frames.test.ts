import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { E2EE_FRAMES_IN, E2eeFrameOut } from '@blindpost/protocol/e2ee';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireSocket } from '@blindpost/testbed/wire-socket';
import fc from 'fast-check';
import { shaped } from '../relay/answers.js';
import { residentBytes } from '../relay/memory.js';
import { assertErrorFrame, member, settle, waiting } from './answers.js';
import { message } from './messages.js';
import { ackEverything, sendFrame, tokenOf } from './people.js';
import { onEveryStage, pick, SCALE } from './stage.js';
import { changed, takesTo, wrongly } from './wrong.js';

const RUNS = Math.max(300, Math.round(6_000 * SCALE));
const MEBIBYTES = 1024 * 1024;

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom('', '\u0000', '\ud800', 'x'.repeat(3_000), 1e308, -1, 2 ** 53, [], {}, null, true),
);
const names = [
  'type',
  'ref',
  'data',
  'id',
  'ids',
  'upTo',
  'up_to',
  '__proto__',
  'constructor',
  'toString',
  'then',
];
const types = fc.oneof(
  fc.constantFrom('e2ee.send', 'e2ee.ack', 'e2ee.sent', 'e2ee.envelope', 'e2ee.queue.empty', 'error', 'ping'),
  fc.constantFrom('', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'AUTH', 'e2ee.send '),
  fc.string(),
  value,
);
const frame: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc
    .tuple(types, fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 5 }), value)
    .map(([type, data, ref]) => JSON.stringify({ type, ref, data })),
  fc
    .tuple(types, fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 }))
    .map(([type, members]) => JSON.stringify({ ...members, type })),
  fc.json(),
  fc.string(),
  fc
    .integer({ min: 1, max: 20_000 })
    .map((depth) => `{"type":"e2ee.send","data":{"meta":${'['.repeat(depth)}`),
  fc
    .integer({ min: 65, max: 100_000 })
    .map(
      (depth) =>
        `{"type":"e2ee.send","ref":1,"data":{"meta":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}}`,
    ),
  fc
    .integer({ min: 1, max: 60 })
    .map((length) => '{"type":"e2ee.ack","ref":1,"data":{"upTo":0}}xxx'.slice(0, length)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);
/** A second auth is a matter of its own. */
const known = frame.filter((each) => !String(each).includes('auth'));

/** Nothing but frames of the document, and no failure of the server among them. */
function assertCivil(socket: WireSocket): void {
  for (const each of socket.frames) {
    shaped(E2eeFrameOut, each);
    if (each.type !== 'error') continue;
    assert.notEqual(member(each.data, 'error'), 'internal_error', JSON.stringify(each));
  }
}

await onEveryStage(
  'bad input by socket',
  (stage) => {
    let alice: E2eeWire;
    let bob: E2eeWire;
    before(async () => {
      [alice, bob] = [await stage.account(), await stage.account()];
    });

    test(`${RUNS} frames with one wrong member are refused by ref and name, and the socket goes on`, async () => {
      const { send, ack } = takesTo(bob.id);
      const routes = [send, ack];
      const socket = await alice.listen();
      let ref = 0;
      await fc.assert(
        fc.asyncProperty(wrongly(routes), async ({ place, name, value: wrong }) => {
          ref += 1;
          const route = pick(routes, place);
          const type = route === send ? 'e2ee.send' : 'e2ee.ack';
          const data = changed(route.body(), name, wrong);
          socket.send({ type, ref, data });
          const mine = ref;
          const answer = await socket.next((each) => each.ref === mine);
          assert.equal(
            answer.type,
            'error',
            `${JSON.stringify(data).slice(0, 1_000)}: ${JSON.stringify(answer)}`,
          );
          const code = String(member(answer.data, 'error'));
          assert.ok(['invalid_request', 'payload_too_large'].includes(code), JSON.stringify(answer));
          assertErrorFrame(answer, code, mine);
          if (code !== 'invalid_request') return;
          const field = String(member(member(answer.data, 'details'), 'field')).replace(/^data\./, '');
          if (route === ack) return;
          assert.ok(
            field === name || field.startsWith(`${name}.`) || field === 'data',
            `${field} is not ${name}: ${JSON.stringify(data).slice(0, 1_000)}`,
          );
        }),
        { numRuns: RUNS },
      );
      assert.deepEqual(await waiting(bob), []);
      assert.equal((await sendFrame(socket, 'after', message(bob.id))).type, 'e2ee.sent');
      await ackEverything(bob);
    });

    test(`${RUNS} frames of any kind fail nothing, and the server is as large as before`, async () => {
      const before = residentBytes(stage.server.pid);
      let socket = await alice.listen();
      await fc.assert(
        fc.asyncProperty(fc.array(known, { minLength: 10, maxLength: 10 }), async (frames) => {
          for (const each of frames) socket.sendRaw(each);
          // A socket that talks nonsense may be closed; it goes on, or another one does.
          const alive = await settle(socket).then(
            () => true,
            () => false,
          );
          assertCivil(socket);
          if (!alive) {
            const { code } = await socket.closed();
            assert.ok([1003, 1007, 1008].includes(code), `${code}`);
          }
          if (!alive || socket.frames.length > 1_000) {
            socket.terminate();
            socket = await alice.listen();
          }
        }),
        { numRuns: Math.round(RUNS / 10) },
      );
      assert.ok(residentBytes(stage.server.pid) - before < 200 * MEBIBYTES);
      assert.deepEqual(await waiting(bob), []);
    });

    test('a frame that is no object of type and data is refused as malformed', async () => {
      const socket = await alice.listen();
      const wrong = [
        '',
        '{',
        'null',
        '[]',
        '"e2ee.ack"',
        '1',
        '{}',
        '{"type":1}',
        '{"type":"e2ee.ack"}',
        '{"type":"x"}',
      ];
      for (const [n, text] of wrong.entries()) {
        socket.sendRaw(text);
        await settle(socket, `after-${n}`);
        const answer = socket.of('error').at(-1);
        assert.equal(socket.of('error').length, n + 1, `${text} is refused`);
        if (answer !== undefined) assertErrorFrame(answer, 'invalid_request', undefined);
      }
    });

    test('a ref that is none does not come back, and does no harm', async () => {
      const socket = await alice.listen();
      const wrong = [-1, 1.5, 2 ** 53, 'x'.repeat(65), {}, [], true];
      for (const [n, ref] of wrong.entries()) {
        socket.send({ type: 'e2ee.ack', ref, data: { upTo: 0 } });
        await settle(socket, `after-${n}`);
        assert.equal(socket.of('error').length, n + 1, JSON.stringify(ref));
      }
      for (const ref of [0, 1, 2 ** 53 - 1, '', 'x'.repeat(64), '\u0000', '__proto__']) {
        socket.send({ type: 'e2ee.ack', ref, data: { upTo: 0 } });
        assert.equal((await socket.next((each) => each.ref === ref)).type, 'e2ee.acked');
      }
      assertCivil(socket);
    });

    test('a binary frame is refused, and whatever follows is the sender’s own affair', async () => {
      const [socket, other] = [await alice.listen(), await bob.listen()];
      socket.sendRaw(Buffer.from(JSON.stringify({ type: 'e2ee.send', ref: 1, data: message(bob.id) })));
      await settle(socket).catch(() => {});
      assertCivil(socket);
      assert.deepEqual(socket.of('e2ee.sent'), []);
      if (socket.open) assert.equal(socket.of('error').length, 1);
      else assert.ok([1003, 1008].includes((await socket.closed()).code));
      await settle(other);
      assert.deepEqual(await waiting(bob), []);
    });

    test('text that is no UTF-8 closes that socket and no other', async () => {
      const [guilty, other] = [await alice.listen(), await alice.listen()];
      guilty.sendText(Buffer.from([0xff, 0xfe, 0xfd]));
      const { code } = await guilty.closed();
      assert.ok([1007, 1008].includes(code), `${code}`);
      await settle(other);
    });

    test('before auth every other frame is refused, the socket closed with 1008, and nothing done', async () => {
      const text = fc.oneof(
        frame,
        fc.constantFrom(...Object.keys(E2EE_FRAMES_IN)).map((type) => JSON.stringify({ type, data: {} })),
        value.map((token) => JSON.stringify({ type: 'auth', data: { token } })),
        fc.constant(JSON.stringify({ type: 'auth', token: 'x' })),
      );
      await fc.assert(
        fc.asyncProperty(text, async (first) => {
          const socket = await stage.stranger().open();
          socket.sendRaw(first);
          socket.send({ type: 'e2ee.send', ref: 1, data: message(bob.id) });
          const { code } = await socket.closed();
          assert.ok([1007, 1008].includes(code), `${code} after ${String(first).slice(0, 300)}`);
          assertCivil(socket);
          for (const each of socket.frames) assert.equal(each.type, 'error', JSON.stringify(each));
        }),
        { numRuns: Math.round(RUNS / 5) },
      );
      assert.deepEqual(await waiting(bob), []);
    });

    test('whoever says nothing is closed with 1008', async () => {
      const socket = await stage.stranger().open();
      assert.equal((await socket.closed()).code, 1008);
    });

    test('what is sent on the heels of auth is done, as the account', async () => {
      const socket = await stage.stranger().open();
      const clientMessageId = randomUUID();
      socket.send({ type: 'auth', data: { token: tokenOf(alice) } });
      socket.send({ type: 'e2ee.send', ref: 1, data: message(bob.id, { clientMessageId }) });
      await socket.next('auth.ok');
      const { data } = await socket.next((each) => each.ref === 1);
      assert.equal(member(data, 'senderId'), alice.id);
      assert.equal(member(data, 'clientMessageId'), clientMessageId);
      await ackEverything(bob);
    });

    test('a second auth is refused or ignored, and the socket stays who it was', async () => {
      const socket = await alice.listen();
      for (const token of [tokenOf(bob), 'nonsense', '']) {
        socket.send({ type: 'auth', ref: 'auth', data: { token } });
      }
      const sent = await sendFrame(socket, 1, message(bob.id)).catch(() => null);
      if (sent !== null) assert.equal(member(sent.data, 'senderId'), alice.id);
      assertCivil(socket);
      for (const { data } of socket.of('auth.ok')) assert.equal(member(data, 'accountId'), alice.id);
      await ackEverything(bob);
    });

    test('a flood of what is refused grows nothing without bound, and others go on', async () => {
      const before = residentBytes(stage.server.pid);
      const [flooder, other] = [await alice.listen(), await bob.listen()];
      for (let n = 0; n < 5_000; n += 1) flooder.sendRaw('{"type":');
      await settle(other);
      // It is answered to the end, or closed.
      await settle(flooder).catch(() => flooder.closed());
      assertCivil(flooder);
      assert.ok(residentBytes(stage.server.pid) - before < 200 * MEBIBYTES);
    });

    test('afterwards it is the same process, it has failed at nothing, and messages pass', async () => {
      assert.equal(process.kill(stage.server.pid, 0), true);
      const [from, to] = [await alice.listen(), await bob.listen()];
      const sent = await sendFrame(from, 1, message(bob.id));
      const { data } = await to.next('e2ee.envelope');
      assert.equal(member(data, 'id'), member(sent.data, 'id'));
      const { stdout, stderr } = stage.server;
      assert.doesNotMatch(stdout + stderr, /request failed|unhandled|uncaught|internal_error/i);
    });
  },
  { own: true },
);
