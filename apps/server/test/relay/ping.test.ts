import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { RecordingProxy } from '@blindpost/testbed/proxy';
import { assertError } from './answers.js';
import { onEveryStore, type Stage } from './stage.js';

/** Payload lengths of the text frames of one type, as the proxy saw them. */
function lengths(proxy: RecordingProxy, type: string): number[] {
  return proxy.recordings
    .flatMap((recording) => recording.toClient.frames)
    .filter(({ opcode, payload }) => opcode === 1 && payload.toString().includes(`"type":"${type}"`))
    .map(({ payload }) => payload.length);
}

async function observed(stage: Stage) {
  const proxy = await stage.proxy();
  const client = stage.client(undefined, `http://127.0.0.1:${proxy.port}`);
  return { proxy, client };
}

await onEveryStore('ping and dummies', (stage) => {
  test('ping is answered with its timestamp, number or text', async () => {
    const socket = await stage.wire.login(makeIdentity());
    for (const timestamp of [0, 1_700_000_000_000, 1.5, 'text']) {
      socket.send({ type: 'ping', payload: { timestamp } });
      assert.deepEqual(await socket.next('pong'), { type: 'pong', timestamp });
    }
    socket.send({ type: 'ping' });
    assert.deepEqual(await socket.next('pong'), { type: 'pong' });
    for (const frame of [{ timestamp: {} }, { timestamp: 't'.repeat(65) }, { dummy: 'yes' }]) {
      socket.send({ type: 'ping', ...frame });
      assertError(await socket.next('error'), 'ERR_MALFORMED');
    }
  });

  test('every answer waits at least 10 ms, and not always the same', async () => {
    const socket = await stage.wire.login(makeIdentity());
    const waits: number[] = [];
    for (let n = 0; n < 30; n += 1) {
      const began = performance.now();
      socket.send({ type: 'ping', timestamp: n });
      await socket.next('pong');
      waits.push(performance.now() - began);
    }
    const shortest = Math.min(...waits);
    // A timer may fire up to a millisecond early.
    assert.ok(shortest >= 9, `${shortest} ms`);
    assert.ok(Math.max(...waits) - shortest > 5, 'the delay is drawn anew each time');
  });

  test('dummies are answered with a dummy_ack of their size, rounded up to whole frames', async () => {
    const { proxy, client } = await observed(stage);
    const socket = await client.login(makeIdentity());
    const expected: number[] = [];
    for (const bytes of [60, 1535, 1536, 1537, 3072, 5000, 65_536]) {
      for (const frame of [{ type: 'dummy_pacing' }, { type: 'ping', dummy: true }]) {
        socket.sendRaw(JSON.stringify(frame).padEnd(bytes));
        await socket.next('dummy_ack');
        expected.push(Math.ceil(bytes / 1536) * 1536);
      }
    }
    assert.deepEqual(lengths(proxy, 'dummy_ack'), expected);
  });
});

await onEveryStore(
  'pacing',
  (stage) => {
    test('the server paces each 500 ms until 5 s after the last real frame, then is silent', async () => {
      const socket = await stage.wire.login(makeIdentity());
      // The witness of time: its own deadlines of 2 s each, four after another, are past the 5 s.
      for (let n = 0; n < 4; n += 1) await (await stage.wire.open()).closed();
      const paced = socket.of('dummy_pacing').length;
      assert.ok(paced >= 5 && paced <= 11, `${paced} dummies`);
      await (await stage.wire.open()).closed();
      assert.equal(socket.of('dummy_pacing').length, paced);
      await stage.wire.sendOnce(String(socket.of('auth_success')[0]?.identity_hash), 'awake');
      await socket.next('msg');
      await (await stage.wire.open()).closed();
      assert.ok(socket.of('dummy_pacing').length > paced, 'a real frame starts it again');
    });
  },
  { stores: ['memory'] },
);
