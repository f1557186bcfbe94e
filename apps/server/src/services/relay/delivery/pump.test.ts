import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../../platform/clock.manual.js';
import { systemRandom } from '../../../platform/random.js';
import { deriveKey } from '../../../platform/secrets/keys.js';
import { AesSealer } from '../../../platform/secrets/sealer.js';
import { readSettings } from '../../../platform/settings/environment.js';
import { Unavailable } from '../../../platform/unavailable.js';
import { RELAY_SETTINGS, storeLimits } from '../settings.js';
import { MemoryRelayStore } from '../store/memory/index.js';
import type { StoredMessage } from '../store/store.js';
import { Pump } from './pump.js';

const NAME = 'a'.repeat(64);

/** The memory store, which also tells how much each look at a mailbox found, and can be away. */
class WatchedStore extends MemoryRelayStore {
  readonly looks: number[] = [];
  away = false;

  override async read(
    name: string,
    after: number,
    count: number,
    bytes: number,
    generation?: string,
  ): Promise<StoredMessage[]> {
    if (this.away) throw new Unavailable('the store');
    const messages = await super.read(name, after, count, bytes, generation);
    this.looks.push(messages.length);
    return messages;
  }
}

class Bench {
  readonly delivered: number[] = [];
  readonly failures: unknown[] = [];
  /** The target is full once it has this many undrained. */
  room = Number.POSITIVE_INFINITY;
  readonly pump: Pump;

  /** @param by how the reader of the mailbox was let in */
  static async open(by: 'work' | 'key' = 'key'): Promise<Bench> {
    const read = readSettings({}, { relay: RELAY_SETTINGS });
    assert.ok(read.ok);
    const sealer = new AesSealer(deriveKey('the secret of a test', 'sealed'));
    const store = new WatchedStore(storeLimits(read.values.relay), sealer, new ManualClock(), systemRandom);
    const admission = await store.admit(NAME, {
      by,
      tokenHash: 'a'.repeat(64),
      expiresAt: Number.MAX_SAFE_INTEGER,
    });
    assert.ok(admission !== 'owned');
    return new Bench(store, admission.generation);
  }

  private constructor(
    readonly store: WatchedStore,
    generation: string,
  ) {
    this.pump = new Pump(
      store,
      { name: NAME, generation },
      {
        full: () => this.delivered.length >= this.room,
        deliver: (message) => this.delivered.push(message.sequence),
        failed: (error) => this.failures.push(error),
      },
    );
  }

  /** Queues messages, each of another sender, since one may not fill a mailbox alone. */
  async queue(count: number, bytes = 10): Promise<void> {
    for (let index = 0; index < count; index++) {
      const message = {
        kind: 'text',
        type: 'msg',
        payload: Buffer.alloc(bytes),
        salt: systemRandom.hex(8),
      } as const;
      const { status } = await this.store.append(NAME, { ...message, sender: systemRandom.hex(8) }, true);
      assert.equal(status, 'ok');
    }
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

test('a mailbox flows in order, each message once, in batches of 64', async () => {
  const bench = await Bench.open();
  await bench.queue(200);
  bench.pump.wake();
  await settled();
  assert.deepEqual(bench.delivered, upTo(200));
  assert.deepEqual(bench.store.looks, [64, 64, 64, 8, 0]);
});

test('a batch of large messages ends at about 128 KiB', async () => {
  const bench = await Bench.open();
  await bench.queue(10, 60 * 1024);
  bench.pump.wake();
  await settled();
  assert.deepEqual(bench.delivered, upTo(10));
  assert.deepEqual(bench.store.looks, [2, 2, 2, 2, 2, 0]);
});

test('what is sent stays queued until it is acknowledged, and is not sent twice meanwhile', async () => {
  const bench = await Bench.open();
  await bench.queue(3);
  bench.pump.wake();
  await settled();
  bench.pump.wake();
  await settled();
  assert.deepEqual(bench.delivered, [1, 2, 3]);
  assert.equal((await bench.store.totals()).messages, 3);
});

test('what is acknowledged between two looks disturbs neither order nor completeness', async () => {
  const bench = await Bench.open();
  await bench.queue(100);
  bench.room = 64;
  bench.pump.wake();
  await settled();
  const taken = await bench.store.read(NAME, 0, 64, 1 << 20);
  await bench.store.ack(
    NAME,
    taken.map(({ id }) => id),
  );
  await bench.queue(5);
  bench.room = Number.POSITIVE_INFINITY;
  bench.pump.wake();
  await settled();
  assert.deepEqual(bench.delivered, upTo(105));
});

test('while the target is full nothing is read, and the next wake goes on where it stopped', async () => {
  const bench = await Bench.open();
  await bench.queue(300);
  bench.room = 100;
  bench.pump.wake();
  await settled();
  assert.deepEqual(bench.delivered, upTo(128), 'full is looked at before each batch');
  const looks = bench.store.looks.length;
  for (let hint = 0; hint < 10; hint++) bench.pump.wake();
  await settled();
  assert.equal(bench.store.looks.length, looks);
  bench.room = Number.POSITIVE_INFINITY;
  bench.pump.wake();
  await settled();
  assert.deepEqual(bench.delivered, upTo(300));
});

test('hints that come while it looks are folded into one more look', async () => {
  const bench = await Bench.open();
  for (let hint = 0; hint < 1_000; hint++) bench.pump.wake();
  await settled();
  assert.deepEqual(bench.store.looks, [0, 0]);
});

test('nothing that is queued while it looks is overlooked', async () => {
  const bench = await Bench.open();
  for (let message = 0; message < 200; message++) {
    const queued = bench.queue(1);
    if (message % 3 === 0) bench.pump.wake();
    await queued;
    bench.pump.wake();
    if (message % 7 === 0) await settled();
  }
  await settled();
  assert.deepEqual(bench.delivered, upTo(200));
});

test('stopped in the middle of a look it delivers nothing of what that finds, nor anything later', async () => {
  const bench = await Bench.open();
  await bench.queue(10);
  bench.pump.wake();
  bench.pump.stop();
  await settled();
  bench.pump.wake();
  await settled();
  assert.deepEqual(bench.delivered, []);
});

test('a store that is away is told to the target, and the next wake goes on without a gap', async () => {
  const bench = await Bench.open();
  await bench.queue(70);
  bench.room = 64;
  bench.pump.wake();
  await settled();
  bench.room = Number.POSITIVE_INFINITY;
  bench.store.away = true;
  bench.pump.wake();
  await settled();
  assert.equal(bench.failures.length, 1);
  assert.ok(bench.failures[0] instanceof Unavailable);
  bench.store.away = false;
  bench.pump.wake();
  await settled();
  assert.deepEqual(bench.delivered, upTo(70));
  assert.equal(bench.failures.length, 1);
});

test('once the key has claimed it, a mailbox reads as empty to who came by work', async () => {
  const bench = await Bench.open('work');
  await bench.queue(2);
  bench.pump.wake();
  await settled();
  assert.deepEqual(bench.delivered, [1, 2]);
  await bench.store.own(NAME);
  await bench.queue(1);
  bench.pump.wake();
  await settled();
  assert.deepEqual(bench.delivered, [1, 2]);
});
