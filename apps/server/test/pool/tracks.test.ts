import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { TRACK_TABLE, TRACKS } from '@blindpost/pow/tracks';
import type { PoolWire, WireRound } from '@blindpost/testbed/wire-pool';
import { assertBalance, assertWin } from './answers.js';
import { given, LASTING, onEveryDatabase, SCALE } from './stage.js';
import { win } from './work.js';

/** Miners enough that each of seven tracks is drawn, but for one chance in 10^12. */
const MINERS = 200;
/** Won in seconds; the others, whose nonces cost most, are left to the long run. */
const QUICK = ['CPU_HASH', 'CHAIN', 'BRANCHY_MIX', 'TINY_VM', 'MEM_WORK'] as const;
/** What one nonce asks of a miner beside the nonce itself (pow-tracks, section by section). */
const MEMBERS: Readonly<Record<string, string[]>> = {
  CPU_HASH: ['bits', 'challenge'],
  CHAIN: ['bits', 'challenge', 'seed', 'steps'],
  MEM_WORK: ['bits', 'challenge', 'laneSize', 'lanes', 'seed', 'steps'],
  BRANCHY_MIX: ['bits', 'challenge', 'rounds', 'seed'],
  TINY_VM: ['bits', 'challenge', 'program_hex', 'seed', 'steps'],
  VM_CHAIN: [
    'bits',
    'chainUpdateEvery',
    'challenge',
    'memWords',
    'program_hex',
    'sampleWords',
    'seed',
    'steps',
  ],
  ARGON2D_CHAIN: ['bits', 'challenge', 'lanes', 'memBlocks', 'passes', 'seed'],
};

await onEveryDatabase(
  'seven tracks',
  (stage) => {
    const assigned = new Map<string, { miner: PoolWire; round: WireRound }[]>();

    before(async () => {
      for (let n = 0; n < MINERS; n += 1) {
        const miner = stage.miner();
        const round = await miner.challenge();
        assigned.set(round.track, [...(assigned.get(round.track) ?? []), { miner, round }]);
      }
    });

    test('are all given out, one open round each', () => {
      assert.deepEqual([...assigned.keys()].sort(), [...TRACKS].sort());
      for (const each of assigned.values()) {
        assert.equal(new Set(each.map(({ round }) => round.round_id)).size, 1);
      }
    });

    for (const track of TRACKS) {
      test(`${track}: parameters are those of the track, and within what is issued`, () => {
        const { params } = given(assigned.get(track)?.[0]).round;
        assert.deepEqual(Object.keys(params).sort(), MEMBERS[track]);
        assert.equal(TRACK_TABLE[track].read(params).ok, true, JSON.stringify(params));
        if (track === 'CHAIN') assert.ok(Number(params.steps) <= 1_000_000);
        if (track === 'MEM_WORK') {
          const total = Number(params.lanes) * Number(params.laneSize);
          assert.ok(Number.isInteger(Math.log2(total)) && total >= 32 && total <= 64 * 2 ** 20, `${total}`);
        }
      });

      test(`${track}: a nonce that wins nothing is invalid, with its reason`, async () => {
        const { miner, round } = given(assigned.get(track)?.[0]);
        const answer = await miner.submit(round, 'nothing that anybody searched for');
        assert.deepEqual(answer.json, { status: 'invalid', reason: 'not_enough_bits' }, String(answer));
      });
    }
  },
  { env: { ...LASTING.env, POOL_TRACK_WEIGHTS: TRACKS.map((track) => `${track}=1`).join(',') } },
);

for (const track of SCALE === 1 ? TRACKS : QUICK) {
  await onEveryDatabase(
    track,
    (stage) => {
      test('a nonce that its kernel found wins and is paid', async () => {
        const miner = stage.miner();
        const { round, answer } = await win(miner);
        assert.equal(round.track, track);
        await assertBalance(miner, assertWin(answer).payout_micro, 0);
        await stage.assertBooksBalance();
      });
    },
    {
      env: { POOL_TRACK_WEIGHTS: `${track}=1`, POOL_TARGET_SECONDS: SCALE === 1 ? '10' : '1' },
      databases: ['sqlite'],
    },
  );
}
