import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { E2eeFrameOut } from '@blindpost/protocol/e2ee';
import type { WebSocket } from 'ws';
import { ManualClock } from '../../../platform/clock.manual.js';
import { Outbound } from './outbound.js';

const MEBIBYTE = 1024 * 1024;
const SECOND_MS = 1_000;

/** The end of a socket that outbound writes to; it takes what the test says, in order. */
class Peer {
  bufferedAmount = 0;
  readonly sent: string[] = [];
  readonly #waiting: { size: number; done: (error?: Error) => void }[] = [];

  send(text: string, done: (error?: Error) => void): void {
    this.sent.push(text);
    this.bufferedAmount += text.length;
    this.#waiting.push({ size: text.length, done });
  }

  /** Takes so many frames; with an error, loses them. */
  take(count = this.#waiting.length, error?: Error): void {
    for (const { size, done } of this.#waiting.splice(0, count)) {
      this.bufferedAmount -= size;
      done(error);
    }
  }
}

function scene(snake = false) {
  const [clock, peer] = [new ManualClock(), new Peer()];
  const counted = { drained: 0 };
  // Outbound sends, and looks at what lies unsent.
  const outbound = new Outbound(peer as unknown as WebSocket, clock, {
    snake,
    drained: () => {
      counted.drained += 1;
    },
  });
  return { clock, peer, outbound, counted };
}

/** A frame of about so many bytes. */
const frame = (size: number): E2eeFrameOut => ({
  type: 'error',
  data: { error: 'unavailable', message: 'x'.repeat(size), details: {} },
});

/** Whether the promise has settled, and to what. */
async function now<T>(promise: Promise<T>): Promise<T | 'waits'> {
  const turn = new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits')));
  return Promise.race([promise, turn]);
}

describe('what leaves by one socket', () => {
  test('a peer that takes nothing costs 8 MiB and one frame, and the next frame is refused', () => {
    const { peer, outbound } = scene();
    let taken = 0;
    while (outbound.send(frame(MEBIBYTE / 4))) {
      taken += 1;
      assert.ok(peer.bufferedAmount <= 8.5 * MEBIBYTE, `${peer.bufferedAmount} bytes lie unsent`);
    }
    assert.ok(peer.bufferedAmount > 8 * MEBIBYTE);
    assert.equal(peer.sent.length, taken, 'what was refused was not written');
    peer.take(8);
    assert.equal(outbound.send(frame(1)), true);
  });

  test('beyond 1 MiB it is full until the peer takes of it, and tells whenever it does', () => {
    const { peer, outbound, counted } = scene();
    for (let n = 0; n < 4; n += 1) {
      assert.equal(outbound.full, false);
      outbound.send(frame(MEBIBYTE / 4));
    }
    assert.equal(outbound.full, true);
    assert.equal(counted.drained, 0);
    peer.take(1);
    assert.deepEqual([outbound.full, counted.drained], [false, 1]);
  });

  test('a page is over when its last frame was taken, in the order it was given', async () => {
    const { clock, peer, outbound, counted } = scene();
    const page = outbound.sendAll([frame(1), frame(2), frame(3)]);
    assert.deepEqual(
      peer.sent.map((text) => JSON.parse(text).data.message.length),
      [1, 2, 3],
    );
    peer.take(2);
    assert.equal(await now(page), 'waits');
    peer.take();
    assert.equal(await now(page), true);
    assert.deepEqual([counted.drained, clock.timers], [1, 0]);
  });

  test('a page to a socket that is gone is not taken', async () => {
    const { clock, peer, outbound } = scene();
    const page = outbound.sendAll([frame(1), frame(1)]);
    peer.take(2, new Error('closed'));
    assert.equal(await now(page), false);
    assert.equal(clock.timers, 0);
  });

  test('a peer that takes nothing of a page for 9 s does not read', async () => {
    const { clock, outbound } = scene();
    const page = outbound.sendAll([frame(1), frame(1)]);
    clock.advance(9 * SECOND_MS - 1);
    assert.equal(await now(page), 'waits');
    clock.advance(1);
    assert.equal(await now(page), false);
    assert.equal(clock.timers, 0);
  });

  test('one that takes a little now and then is only slow, for as long as it likes', async () => {
    const { clock, peer, outbound } = scene();
    const page = outbound.sendAll(Array.from({ length: 20 }, () => frame(100)));
    for (let taken = 0; taken < 19; taken += 1) {
      clock.advance(8 * SECOND_MS);
      peer.take(1);
      assert.equal(await now(page), 'waits', `after ${taken}`);
    }
    peer.take();
    assert.equal(await now(page), true);
  });

  test('a peer that asked for it is written to in snake case', () => {
    const data = { accountId: 'a', expiresAt: '2030-01-01T00:00:00.000Z' };
    for (const snake of [false, true]) {
      const { peer, outbound } = scene(snake);
      outbound.send({ type: 'auth.ok', data });
      const names = snake ? ['account_id', 'expires_at'] : ['accountId', 'expiresAt'];
      assert.deepEqual(Object.keys(JSON.parse(peer.sent[0] ?? '').data), names);
    }
  });
});
