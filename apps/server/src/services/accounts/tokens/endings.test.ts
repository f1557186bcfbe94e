import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../../platform/clock.manual.js';
import { systemRandom } from '../../../platform/random.js';
import { FrailBus } from './bus.fixture.js';
import { type Ended, Endings } from './endings.js';

const ACCOUNT = '11111111-1111-1111-1111-111111111111';
const TOKEN = 'ab'.repeat(16);
const ALL: Ended = { accountId: ACCOUNT, tokenId: null };
const ONE: Ended = { accountId: ACCOUNT, tokenId: TOKEN };

const settled = () => new Promise(setImmediate);

async function pair() {
  const [bus, clock] = [new FrailBus(), new ManualClock()];
  const open = async () => {
    const endings = await Endings.open(bus, clock, systemRandom);
    const heard: (Ended | null)[] = [];
    endings.onEnded((ended) => heard.push(ended));
    return { endings, heard };
  };
  return { bus, clock, here: await open(), there: await open() };
}

test('an ending is heard once on every instance, here before it is told further', async () => {
  const { here, there } = await pair();
  const told = here.endings.tell(ONE);
  assert.deepEqual(here.heard, [ONE]);
  await told;
  await here.endings.tell(ALL);
  await settled();
  assert.deepEqual(here.heard, [ONE, ALL]);
  assert.deepEqual(there.heard, [ONE, ALL]);
});

test('what the bus did not take is told when it does', async () => {
  const { bus, clock, here, there } = await pair();
  bus.down = true;
  await here.endings.tell(ONE);
  assert.deepEqual(here.heard, [ONE]);
  clock.advance(5_000);
  await settled();
  assert.deepEqual(there.heard, []);
  bus.down = false;
  clock.advance(1_000);
  await settled();
  assert.deepEqual(there.heard, [ONE]);
});

test('after a gap, and at a hint that cannot be read, anything may have ended', async () => {
  const { bus, here } = await pair();
  bus.recover();
  assert.deepEqual(here.heard, [null]);
  await bus.publish('accounts', Buffer.from('what?'));
  await bus.publish('accounts', Buffer.alloc(0));
  await settled();
  assert.deepEqual(here.heard, [null, null, null]);
});

test('a closed one hears nothing and tries nothing again', async () => {
  const { bus, clock, here, there } = await pair();
  bus.down = true;
  await here.endings.tell(ONE);
  await here.endings.close();
  await there.endings.close();
  assert.equal(clock.timers, 0);
  await here.endings.tell(ALL);
  assert.equal(clock.timers, 0);
  bus.down = false;
  await here.endings.tell(ALL);
  await settled();
  assert.deepEqual(there.heard, []);
});
