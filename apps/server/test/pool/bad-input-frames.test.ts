import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POOL_FRAMES_IN, PoolFrameOut } from '@blindpost/protocol/pool';
import type { WireSocket } from '@blindpost/testbed/wire-socket';
import fc from 'fast-check';
import { shaped } from '../relay/answers.js';
import { onEveryDatabase, SCALE } from './stage.js';
import { win } from './work.js';

const RUNS = Math.max(100, Math.round(2_000 * SCALE));
/** Frames to one socket: fewer than what closes it for talking too much. */
const PER_SOCKET = 10;

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom('', '\u0000', '\ud800', 'x'.repeat(3_000), 1e308, -1, 1e16, [], {}, null, true),
);
const names = [
  ...new Set(Object.values(POOL_FRAMES_IN).flatMap((schema) => Object.keys(schema.properties))),
  'payload',
  '__proto__',
  'constructor',
];
const types = fc.oneof(
  fc.constantFrom(...Object.keys(POOL_FRAMES_IN), 'secret', 'round_solved', 'kicked', 'stats', 'error'),
  fc.string(),
  value,
);
const frame: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc
    .tuple(types, fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 }))
    .map(([type, members]) => JSON.stringify({ ...members, type })),
  fc.json(),
  fc.string(),
  fc.integer({ min: 65, max: 10_000 }).map((depth) => `{"type":"hashrate","hps":${'['.repeat(depth)}`),
  fc
    .integer({ min: 1, max: 40 })
    .map((length) => '{"type":"hashrate","hps":5,"track":"CHAIN"}'.slice(0, length)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

/** Nothing but frames of the document, and no failure of the server among them. */
function assertCivil(socket: WireSocket): void {
  for (const each of socket.frames) {
    const { reason: _, ...bare } = each;
    shaped(PoolFrameOut, each.type === 'error' ? bare : each);
    assert.notEqual(each.error, 'internal_error', JSON.stringify(each));
  }
}

await onEveryDatabase(
  'bad input by socket',
  (stage) => {
    test(`${RUNS} wrong frames are refused or ignored, and the socket still hears what it should`, async () => {
      // A second auth is a matter of its own.
      const known = frame.filter((each) => !String(each).includes('"auth"'));
      const sockets: WireSocket[] = [];
      await fc.assert(
        fc.asyncProperty(
          fc.array(known, { minLength: PER_SOCKET, maxLength: PER_SOCKET }),
          async (frames) => {
            const { socket } = await stage.miner().attend();
            for (const each of frames) socket.sendRaw(each);
            sockets.push(socket);
          },
        ),
        { numRuns: Math.round(RUNS / PER_SOCKET) },
      );
      const { round } = await win(stage.miner());
      for (const socket of sockets) {
        await socket.next(({ round_id }) => round_id === round.round_id);
        assertCivil(socket);
      }
    });

    test('wrong frames before auth never make a token of what is none', async () => {
      const wrong = frame.filter((each) => !String(each).includes('"auth"'));
      await fc.assert(
        fc.asyncProperty(wrong, fc.string(), async (first, token) => {
          const socket = await stage.client({ from: '127.0.8.1' }).open();
          socket.sendRaw(first);
          socket.send({ type: 'auth', token });
          socket.send({ type: 'the end' });
          await Promise.race([socket.next('error').catch(() => undefined), socket.closed()]);
          assertCivil(socket);
          socket.terminate();
        }),
        { numRuns: Math.round(RUNS / 5) },
      );
    });

    test('a socket that talks too much is closed, and others hear on', async () => {
      const [other, flooder] = [(await stage.miner().attend()).socket, (await stage.miner().attend()).socket];
      for (let n = 0; n < 5_000; n += 1) flooder.sendRaw('{"type":');
      assert.equal((await flooder.closed()).code, 1008);
      await win(stage.miner());
      await other.next('round_solved');
      assertCivil(flooder);
    });
  },
  { databases: ['sqlite'] },
);
