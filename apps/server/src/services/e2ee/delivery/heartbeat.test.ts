import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import type { WebSocket } from 'ws';
import { ManualClock } from '../../../platform/clock.manual.js';
import { Heartbeat } from './heartbeat.js';

const BEAT_MS = 30_000;

/** The end of a socket that a heartbeat touches. */
class Peer extends EventEmitter {
  pings = 0;
  terminated = 0;
  ping(): void {
    this.pings += 1;
  }
  terminate(): void {
    this.terminated += 1;
  }
}

function scene() {
  const [clock, peer] = [new ManualClock(), new Peer()];
  // A heartbeat pings, hears and terminates, and asks a socket for nothing else.
  const heartbeat = new Heartbeat(clock, peer as unknown as WebSocket);
  heartbeat.start();
  return { clock, peer, heartbeat };
}

describe('the heartbeat of a socket', () => {
  test('a peer is pinged every 30 s, and lives as long as it answers', () => {
    const { clock, peer } = scene();
    clock.advance(BEAT_MS - 1);
    assert.equal(peer.pings, 0);
    for (let beat = 1; beat <= 10; beat += 1) {
      clock.advance(beat === 1 ? 1 : BEAT_MS);
      assert.deepEqual([peer.pings, peer.terminated], [beat, 0]);
      peer.emit('pong');
    }
  });

  test('one that says nothing from one ping to the next is terminated, once', () => {
    const { clock, peer } = scene();
    clock.advance(2 * BEAT_MS - 1);
    assert.deepEqual([peer.pings, peer.terminated], [1, 0]);
    clock.advance(1);
    assert.deepEqual([peer.pings, peer.terminated], [1, 1]);
    clock.advance(10 * BEAT_MS);
    assert.deepEqual([peer.pings, peer.terminated, clock.timers], [1, 1, 0]);
  });

  test('a message is as good an answer as a pong', () => {
    const { clock, peer } = scene();
    for (let beat = 1; beat <= 5; beat += 1) {
      clock.advance(BEAT_MS);
      peer.emit('message', Buffer.from('{}'), false);
    }
    assert.deepEqual([peer.pings, peer.terminated], [5, 0]);
  });

  test('an answer counts for one ping only', () => {
    const { clock, peer } = scene();
    clock.advance(BEAT_MS);
    peer.emit('pong');
    peer.emit('pong');
    clock.advance(BEAT_MS);
    assert.deepEqual([peer.pings, peer.terminated], [2, 0]);
    clock.advance(BEAT_MS);
    assert.deepEqual([peer.pings, peer.terminated], [2, 1]);
  });

  test('a stopped one does nothing more and holds no timer', () => {
    const { clock, peer, heartbeat } = scene();
    clock.advance(BEAT_MS);
    heartbeat.stop();
    assert.equal(clock.timers, 0);
    clock.advance(10 * BEAT_MS);
    assert.deepEqual([peer.pings, peer.terminated], [1, 0]);
  });
});
