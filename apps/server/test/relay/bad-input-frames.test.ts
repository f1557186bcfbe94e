import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAMES_IN } from '@blindpost/protocol/relay';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { WireSocket } from '@blindpost/testbed/wire-socket';
import fc from 'fast-check';
import { assertError } from './answers.js';
import { residentBytes } from './memory.js';
import { onEveryStore, SCALE, type Stage } from './stage.js';

/** Of the 10,000 cases in all, half are frames; each is run on both stores. */
const RUNS = Math.max(150, Math.round(5_000 * SCALE));
const MEBIBYTES = 1024 * 1024;

const { hash } = makeIdentity();

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom('', '\u0000', '\ud800', hash, [hash], 'x'.repeat(3_000), 1e308, -1, [], {}, null, true),
);
const names = [
  ...new Set(Object.values(FRAMES_IN).flatMap((schema) => Object.keys(schema.properties))),
  'payload',
  '__proto__',
  'constructor',
  'toString',
];
const type = fc.oneof(fc.constantFrom(...Object.keys(FRAMES_IN), 'own_type'), fc.string(), value);

const frame: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc
    .tuple(type, fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 }))
    .map(([type, members]) => JSON.stringify({ ...members, type })),
  fc
    .tuple(type, fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 }))
    .map(([type, payload]) => JSON.stringify({ type, payload })),
  fc.json(),
  fc.string(),
  fc
    .integer({ min: 65, max: 20_000 })
    .map((depth) => `{"type":"relay","to":"${hash}","body":${'['.repeat(depth)}`),
  fc
    .integer({ min: 65, max: 15_000 })
    .map((depth) => `{"type":"relay","to":"${hash}","body":${'['.repeat(depth)}${']'.repeat(depth)}}`),
  fc
    .integer({ min: 1, max: 90 })
    .map((length) => JSON.stringify({ type: 'relay', to: hash, body: 1 }).slice(0, length)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([Buffer.from(hash), bytes])),
);

/** Frames that may come on their own or as answers to what happened to be valid. */
function assertCivil(socket: WireSocket): void {
  for (const each of socket.frames) {
    if (each.type !== 'error') continue;
    const { id: _, ...bare } = each;
    assert.notEqual(each.error, 'internal_error', JSON.stringify(each));
    assertError({ ...bare, type: 'error' }, String(each.error));
  }
}

async function login(stage: Stage): Promise<WireSocket> {
  return stage.wire.login(makeIdentity());
}

await onEveryStore(
  'bad input by socket',
  (stage) => {
    test(`${RUNS} wrong frames are answered or ignored, and the socket still works`, async () => {
      const before = residentBytes(stage.server.pid);
      let socket = await login(stage);
      await fc.assert(
        fc.asyncProperty(fc.array(frame, { minLength: 10, maxLength: 10 }), async (frames) => {
          for (const each of frames) socket.sendRaw(each);
          await socket.settle();
          assertCivil(socket);
          if (socket.frames.length > 2_000) {
            await socket.close();
            socket = await login(stage);
          }
        }),
        { numRuns: Math.round(RUNS / 10) },
      );
      assert.ok(residentBytes(stage.server.pid) - before < 200 * MEBIBYTES);
    });

    test('wrong frames before auth are refused, and never admit anybody', async () => {
      await fc.assert(
        fc.asyncProperty(frame, async (each) => {
          const socket = await stage.wire.open();
          socket.sendRaw(each);
          socket.send({ type: 'relay', to: hash, body: 'x' });
          const { code } = await socket.closed();
          assert.equal(code, 1008);
          assert.deepEqual(socket.of('auth_success'), []);
          assertCivil(socket);
        }),
        { numRuns: Math.round(RUNS / 5) },
      );
    });

    test('text that is no UTF-8 closes that socket and no other', async () => {
      const [guilty, other] = await Promise.all([login(stage), login(stage)]);
      guilty.sendText(Buffer.from([0xff, 0xfe, 0xfd]));
      const { code } = await guilty.closed();
      assert.ok([1007, 1008].includes(code), `${code}`);
      await other.settle();
    });

    test('a flood of refused frames does not make the server grow without bound', async () => {
      const before = residentBytes(stage.server.pid);
      const socket = await login(stage);
      for (let n = 0; n < 5_000; n += 1) socket.sendRaw('{"type":');
      await socket.settle();
      assert.ok(residentBytes(stage.server.pid) - before < 200 * MEBIBYTES);
      assertCivil(socket);
    });

    test('afterwards it is the same process, and messages pass', async () => {
      assert.equal(process.kill(stage.server.pid, 0), true);
      const recipient = makeIdentity();
      const to = await stage.wire.login(recipient);
      await stage.wire.sendOnce(recipient.hash, 'still here');
      await to.next(({ payload }) => payload === 'still here');
    });
  },
  { concurrency: 1, own: true },
);
