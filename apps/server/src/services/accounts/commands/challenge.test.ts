import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../../platform/clock.manual.js';
import { systemRandom } from '../../../platform/random.js';
import { MemoryVolatile } from '../../../platform/volatile/memory.js';
import { challenge, spendChallenge } from './challenge.js';

const ID = '0190f3b2-c4d5-7e6f-8a9b-0c1d2e3f4a5b';

function door(maxSeeds = 10) {
  const clock = new ManualClock();
  return { clock, random: systemRandom, volatile: new MemoryVolatile(clock, { maxSeeds }) };
}

async function asked(at: ReturnType<typeof door>, accountId = ID) {
  const result = await challenge(at, { accountId });
  assert.ok(result.ok);
  return result.answer;
}

test('a challenge is 32 random bytes, good once and for its account', async () => {
  const at = door();
  const [first, second] = [await asked(at), await asked(at)];
  assert.match(first.challenge, /^[0-9a-f]{64}$/);
  assert.notEqual(first.challenge, second.challenge);
  assert.equal(await spendChallenge(at, first.challenge, ID), true);
  assert.equal(await spendChallenge(at, first.challenge, ID), false);
  assert.equal(await spendChallenge(at, second.challenge, ID.replace('0', '1')), false);
  assert.equal(await spendChallenge(at, second.challenge, ID), false);
  const upper = await asked(at, ID.toUpperCase());
  assert.equal(await spendChallenge(at, upper.challenge, ID), true);
});

test('it is over after 60 seconds, as it says', async () => {
  const at = door();
  const [early, late] = [await asked(at), await asked(at)];
  assert.equal(Date.parse(early.expiresAt) - at.clock.now(), 60_000);
  at.clock.advance(59_999);
  assert.equal(await spendChallenge(at, early.challenge, ID), true);
  at.clock.advance(1);
  assert.equal(await spendChallenge(at, late.challenge, ID), false);
});

test('when no more can be kept the answer is 503, with the time until there is room', async () => {
  const at = door(2);
  await asked(at);
  await asked(at);
  const refused = await challenge(at, { accountId: ID });
  assert.ok(!refused.ok);
  assert.equal(refused.code, 'unavailable');
  assert.equal(refused.details.retryAfter, 60);
});
