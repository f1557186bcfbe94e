import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PoolChallenge } from '@blindpost/protocol/pool';
import { assertOk } from '../relay/answers.js';
import { assertWin } from './answers.js';
import { LASTING, onEveryDatabase } from './stage.js';
import { solved, win } from './work.js';

await onEveryDatabase(
  'challenge',
  (stage) => {
    test('names the track, the round, what it asks and when it was issued, and nothing else', async () => {
      const before = Date.now();
      const challenge = assertOk(await stage.miner().get('/challenge'), PoolChallenge);
      assert.deepEqual(Object.keys(challenge).sort(), ['issued_at_ms', 'params', 'round_id', 'track']);
      assert.equal(challenge.track, 'CPU_HASH');
      assert.deepEqual(Object.keys(challenge.params).sort(), ['bits', 'challenge']);
      assert.ok(challenge.issued_at_ms >= before && challenge.issued_at_ms <= Date.now());
    });

    test('is the same again while the lock points to an open round', async () => {
      for (const miner of [stage.miner(), stage.client({ from: '127.0.1.1' })]) {
        const first = await miner.challenge();
        assert.deepEqual(await miner.challenge(), first);
        const elsewhere = stage.client({ ...miner.options, prefix: '/pool' });
        assert.deepEqual(await elsewhere.challenge(), first);
      }
    });

    test('is one even when a miner asks ten times at once', async () => {
      const miner = stage.miner();
      const [first, ...others] = await Promise.all(Array.from({ length: 10 }, () => miner.challenge()));
      for (const each of others) assert.deepEqual(each, first);
    });

    test('of one track is one round for everybody, each with a lock of its own', async () => {
      const [a, b] = [await stage.miner().challenge(), await stage.miner().challenge()];
      assert.deepEqual([b.track, b.round_id, b.params], [a.track, a.round_id, a.params]);
      assert.ok(b.issued_at_ms >= a.issued_at_ms);
    });
  },
  LASTING,
);

await onEveryDatabase('next challenge', (stage) => {
  test('is another round for everybody once that one is won', async () => {
    const [winner, other] = [stage.miner(), stage.miner()];
    const { round, nonce } = await solved(winner, other);
    assertWin(await winner.submit(round, nonce));
    const after = await other.challenge();
    assert.notEqual(after.round_id, round.round_id);
    assert.notEqual(after.params.challenge, round.params.challenge);
    assert.equal((await winner.challenge()).round_id, after.round_id);
  });

  test('carries the time from which the solve is counted', async () => {
    const { round, answer } = await win(stage.miner());
    const { solve_time_ms } = assertWin(answer);
    assert.ok(solve_time_ms <= Date.now() - round.issued_at_ms, String(answer));
  });
});

await onEveryDatabase(
  'rounds that nobody solves',
  (stage) => {
    test('are closed after ten times the target time and replaced with easier ones', async () => {
      const miner = stage.miner();
      const first = await miner.challenge();
      let before = first;
      // Rounds begin at their fewest bits, and quick wins raise them.
      while (Number(before.params.bits) <= Number(first.params.bits)) {
        await win(miner);
        before = await miner.challenge();
      }
      const { socket } = await miner.attend();
      assert.deepEqual(await socket.next('round_solved'), {
        type: 'round_solved',
        track: before.track,
        round_id: before.round_id,
      });
      const after = await miner.challenge();
      assert.notEqual(after.round_id, before.round_id);
      assert.ok(Number(after.params.bits) < Number(before.params.bits), JSON.stringify([before, after]));
      const late = await miner.submit(before, 'whatever');
      assert.equal(late.json.status, 'too_late');
    });
  },
  { env: { POOL_TARGET_SECONDS: '1' }, databases: ['sqlite'] },
);

await onEveryDatabase(
  'weights',
  (stage) => {
    test('decide which tracks are given out; a weight of nothing is never', async () => {
      const rounds = await Promise.all(Array.from({ length: 60 }, () => stage.miner().challenge()));
      const of = (name: string) => rounds.filter(({ track }) => track === name);
      assert.equal(of('CHAIN').length + of('BRANCHY_MIX').length, rounds.length);
      assert.ok(of('CHAIN').length > of('BRANCHY_MIX').length, `${of('CHAIN').length}`);
      assert.ok(of('BRANCHY_MIX').length > 0);
      assert.equal(new Set(rounds.map(({ round_id }) => round_id)).size, 2, 'one open round per track');
    });
  },
  { env: { POOL_TRACK_WEIGHTS: 'CHAIN=4,BRANCHY_MIX=1,CPU_HASH=0' } },
);
