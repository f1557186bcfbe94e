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
import { OwedAcks } from './owed-acks.js';

const NAME = 'a'.repeat(64);

/** The memory store, which can be away. */
class AwayStore extends MemoryRelayStore {
  away = false;

  override async ack(name: string, ids: readonly string[]): Promise<number> {
    if (this.away) throw new Unavailable('the store');
    return super.ack(name, ids);
  }
}

async function withMail(count: number) {
  const read = readSettings({}, { relay: RELAY_SETTINGS });
  assert.ok(read.ok);
  const clock = new ManualClock();
  const sealer = new AesSealer(deriveKey('the secret of a test', 'sealed'));
  const store = new AwayStore(storeLimits(read.values.relay), sealer, clock, systemRandom);
  for (let n = 0; n < count; n++) {
    const [salt, sender] = [systemRandom.hex(8), systemRandom.hex(8)];
    const message = { kind: 'text', type: 'msg', payload: Buffer.from('x'), salt, sender } as const;
    await store.append(NAME, message, true);
  }
  const ids = (await store.read(NAME, 0, count, 1 << 20)).map(({ id }) => id);
  // The store sweeps by timers of its own.
  return { clock, store, ids, acks: new OwedAcks(store, clock, NAME), timers: clock.timers };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('an ack that the store could not take is taken when it is back, without another from the client', async () => {
  const { clock, store, ids, acks, timers } = await withMail(3);
  store.away = true;
  assert.equal(await acks.acknowledge(ids.slice(0, 1)), 1);
  assert.equal(await acks.acknowledge(ids.slice(1)), 2);
  clock.advance(5_000);
  await settled();
  assert.equal((await store.totals()).messages, 3);
  store.away = false;
  clock.advance(1_000);
  await settled();
  assert.equal((await store.totals()).messages, 0);
  assert.equal(clock.timers, timers);
});

test('a thousand acks are owed; the next are refused, and those are not forgotten', async () => {
  const { clock, store, ids, acks } = await withMail(1);
  store.away = true;
  await acks.acknowledge(Array.from({ length: 999 }, () => 'f'.repeat(32)));
  await acks.acknowledge(ids);
  await assert.rejects(acks.acknowledge(['f'.repeat(32)]), Unavailable);
  store.away = false;
  clock.advance(1_000);
  await settled();
  assert.equal((await store.totals()).messages, 0);
});

test('nothing is owed for a socket that is gone', async () => {
  const { clock, store, ids, acks, timers } = await withMail(1);
  store.away = true;
  await acks.acknowledge(ids);
  acks.stop();
  store.away = false;
  clock.advance(10_000);
  await settled();
  assert.equal((await store.totals()).messages, 1);
  assert.equal(clock.timers, timers);
});
