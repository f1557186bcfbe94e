import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { missHash } from '@blindpost/testbed/wire-pool-work';
import { assertBalance, assertRefused, assertWin } from './answers.js';
import { LASTING, onEveryDatabase } from './stage.js';
import { solve, solved, win } from './work.js';

const TOO_LONG = 'n'.repeat(129);

await onEveryDatabase(
  'submit of what wins nothing',
  (stage) => {
    test('what is missing or of another type is named', async () => {
      const miner = stage.miner();
      const { track, round_id } = await miner.challenge();
      const good = { track, round_id, proof: { nonce: 'x' } };
      const cases: [unknown, string][] = [
        [{}, 'track'],
        [{ ...good, track: undefined }, 'track'],
        [{ ...good, track: 'cpu_hash' }, 'track'],
        [{ ...good, track: 1 }, 'track'],
        [{ ...good, round_id: undefined }, 'round_id'],
        [{ ...good, round_id: 7 }, 'round_id'],
        [{ ...good, round_id: '' }, 'round_id'],
        [{ ...good, round_id: 'r'.repeat(65) }, 'round_id'],
        [{ ...good, proof: undefined }, 'proof'],
        [{ ...good, proof: 'x' }, 'proof'],
        [{ ...good, proof: null }, 'proof'],
        [{ ...good, proof: {} }, 'proof.nonce'],
        [{ ...good, proof: { nonce: 1 } }, 'proof.nonce'],
        [{ ...good, proof: { nonce: null } }, 'proof.nonce'],
        [{ ...good, proof: { nonce: ['x'] } }, 'proof.nonce'],
        [[], 'body'],
        ['"text"', 'body'],
        ['null', 'body'],
      ];
      for (const [body, field] of cases) {
        assertRefused(await miner.post('/submit', body), 400, 'invalid_request', field);
      }
    });

    test('a nonce has at most 128 bytes, however many characters that is', async () => {
      const miner = stage.miner();
      const round = await miner.challenge();
      for (const nonce of [TOO_LONG, 'ä'.repeat(65), '€'.repeat(43), '😀'.repeat(33), 'n'.repeat(100_000)]) {
        assertRefused(await miner.submit(round, nonce), 400, 'invalid_request', 'proof.nonce');
      }
      for (const nonce of ['', 'n'.repeat(128), 'ä'.repeat(64), '😀'.repeat(32), '€'.repeat(42), '\u0000']) {
        assert.equal((await miner.submit(round, nonce)).status, 200, nonce);
      }
    });

    test('an unknown round is refused, whatever its id looks like', async () => {
      const miner = stage.miner();
      const { track } = await miner.challenge();
      for (const round_id of [randomUUID(), 'nope', '0', "' OR 1=1 --", '\u0000', 'r'.repeat(64)]) {
        assertRefused(await miner.submit({ track, round_id }, 'x'), 400, 'unknown_round');
      }
    });

    test('a nonce that misses is invalid with its reason, and a duplicate the second time', async () => {
      const miner = stage.miner();
      const round = await miner.challenge();
      const nonce = missHash(round.params);
      const first = await miner.submit(round, nonce);
      assert.equal(first.status, 200);
      assert.deepEqual(first.json, { status: 'invalid', reason: 'not_enough_bits' });
      assertRefused(await miner.submit(round, nonce), 409, 'duplicate_nonce');
      assert.deepEqual((await miner.submit(round, missHash(round.params))).json, first.json);
      await assertBalance(miner, 0);
    });
  },
  LASTING,
);

await onEveryDatabase('submit', (stage) => {
  test('a win is paid a tenth of the pool, into the balance, and the round is over', async () => {
    const miner = stage.miner();
    await assertBalance(miner, 0, 0);
    const { round, answer } = await win(miner);
    const { payout_micro } = assertWin(answer);
    await assertBalance(miner, payout_micro, 0);
    assert.notEqual((await miner.challenge()).round_id, round.round_id);
    await stage.assertBooksBalance();
  });

  test('an open round is only for whom it was assigned to, under its own track', async () => {
    const [miner, stranger] = [stage.miner(), stage.miner()];
    const { round, nonce } = await solved(miner);
    assertRefused(await stranger.submit(round, nonce), 400, 'lock_mismatch');
    assertRefused(await miner.submit({ ...round, track: 'CHAIN' }, nonce), 400, 'lock_mismatch');
    await assertBalance(stranger, 0);
    assertWin(await miner.submit(round, nonce));
  });

  test('a closed round is too late: for others with the same nonce, for the winner with another', async () => {
    const [miner, other] = [stage.miner(), stage.miner()];
    const { round, nonce } = await solved(miner, other);
    const second = await solve(round);
    assertWin(await miner.submit(round, nonce));
    for (const answer of [await other.submit(round, nonce), await miner.submit(round, second)]) {
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json, { status: 'too_late' });
    }
    // Never assigned to it, and still only too late: a closed round is looked at before the lock.
    assert.deepEqual((await stage.miner().submit(round, nonce)).json, { status: 'too_late' });
    await assertBalance(other, 0);
  });

  test('each refusal comes before the ones behind it', async () => {
    const [miner, stranger] = [stage.miner(), stage.miner()];
    const { round, nonce } = await solved(miner);
    const unknown = { track: round.track, round_id: randomUUID() };
    // Shape before the round.
    assertRefused(await miner.submit(unknown, TOO_LONG), 400, 'invalid_request', 'proof.nonce');
    // The round before the lock.
    assertRefused(await stranger.submit(unknown, 'x'), 400, 'unknown_round');
    // The lock before the nonce that was tried before.
    const miss = missHash(round.params);
    await miner.submit(round, miss);
    assertRefused(await stranger.submit(round, miss), 400, 'lock_mismatch');
    assertRefused(await miner.submit({ ...round, track: 'CHAIN' }, miss), 400, 'lock_mismatch');
    // A closed round before the lock and before a nonce that was tried before.
    assertWin(await miner.submit(round, nonce));
    assert.deepEqual((await miner.submit(round, miss)).json, { status: 'too_late' });
    assertRefused(await miner.submit(round, TOO_LONG), 400, 'invalid_request', 'proof.nonce');
  });

  test('a retried winning submit is answered as the first was and paid once', async () => {
    const miner = stage.miner();
    const { round, nonce, payout, answer } = await win(miner);
    const state = await stage.state();
    for (let n = 0; n < 3; n += 1) assert.deepEqual((await miner.submit(round, nonce)).json, answer.json);
    const retries = await Promise.all(Array.from({ length: 20 }, () => miner.submit(round, nonce)));
    for (const retry of retries) assert.deepEqual(retry.json, answer.json, String(retry));
    await assertBalance(miner, payout);
    assert.equal((await stage.state()).ledger.accounts.miner, state.ledger.accounts.miner);
    // Also once it has been won many rounds since.
    await win(stage.miner());
    assert.deepEqual((await miner.submit(round, nonce)).json, answer.json);
  });

  test('a win after a kill and a start is still the same win, paid once', async () => {
    const miner = stage.miner();
    const { round, nonce, payout, answer } = await win(miner);
    await stage.restart('kill');
    const again = stage.again(miner);
    assert.deepEqual((await again.submit(round, nonce)).json, answer.json);
    await assertBalance(again, payout);
    await stage.assertBooksBalance();
  });
});
