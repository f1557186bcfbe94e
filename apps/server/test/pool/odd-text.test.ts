import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { openTrack } from '@blindpost/pow/tracks';
import { WithdrawAnswer, Withdrawals, WithdrawCodeAnswer } from '@blindpost/protocol/pool';
import { assertOk } from '../relay/answers.js';
import { assertBalance, assertWin } from './answers.js';
import { onEveryDatabase } from './stage.js';

/** Text that JSON can carry and that databases, drivers and URLs stumble over. */
const ODD = ['\u0000', 'a\u0000b', '\ud800', '\udfff\ud800', '\u2028', '😀'.repeat(4), "'; --", '\\', '%00'];

await onEveryDatabase('odd text', (stage) => {
  test('a destination is any text, and the operator reads what the miner wrote', async () => {
    const { miner, held } = await stage.winner();
    let taken = 0;
    for (const destination of ODD) {
      const answer = await miner.post('/withdraw', { amount_micro: 10, destination });
      const { request_id } = assertOk(answer, WithdrawAnswer);
      taken += 10;
      const { items } = assertOk(await stage.admin('/withdrawals'), Withdrawals);
      const written = items.find((item) => item.request_id === request_id)?.destination;
      // Half a pair is no character: UTF-8 has the replacement for it.
      assert.equal(written, Buffer.from(destination).toString());
    }
    await assertBalance(miner, held - taken);
  });

  for (const odd of ['a\u0000b', '\ud800', '\ufeff😀']) {
    test(`a winning nonce is any text (${JSON.stringify(odd)}), and its retry wins again`, async () => {
      const miner = stage.miner();
      for (;;) {
        const round = await miner.challenge();
        const nonce = await oddSolution(round.params, odd);
        const answer = await miner.submit(round, nonce);
        if (answer.json.status === 'too_late') continue;
        const { payout_micro } = assertWin(answer);
        assert.deepEqual((await miner.submit(round, nonce)).json, answer.json);
        await assertBalance(miner, payout_micro);
        return;
      }
    });
  }

  test('an idempotency key of one route is another one at the other', async () => {
    const { miner, held } = await stage.winner();
    const key = { 'idempotency-key': randomUUID() };
    assertOk(await miner.post('/withdraw', { amount_micro: 100, destination: 'd' }, key), WithdrawAnswer);
    assertOk(await miner.post('/withdraw_code', { amount_micro: 100 }, key), WithdrawCodeAnswer);
    await assertBalance(miner, held - 200);
  });
});

async function oddSolution(params: Record<string, unknown>, odd: string): Promise<string> {
  // The kernel hashes challenge ‖ nonce, so what stands before the nonce may as well be a part of it.
  const engine = await openTrack('CPU_HASH', { ...params, challenge: `${params.challenge}${odd}` }, 'simd');
  for (;;) {
    const nonce = engine.step();
    if (nonce !== undefined) return odd + nonce;
  }
}
