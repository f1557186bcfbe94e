/** The work that miners of these tests do: by the kernels, because a round's bits are meant for machines. */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { openTrack, TRACKS } from '@blindpost/pow/tracks';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import type { PoolWire, WireRound } from '@blindpost/testbed/wire-pool';

export interface Solved {
  round: WireRound;
  nonce: string;
}

export interface Won extends Solved {
  payout: number;
  answer: WireAnswer;
}

/** A nonce that wins the round; another one with each call. */
export async function solve(round: WireRound): Promise<string> {
  const track = TRACKS.find((name) => name === round.track);
  assert.ok(track !== undefined, round.track);
  const engine = await openTrack(track, round.params, 'simd');
  for (;;) {
    const nonce = engine.step();
    if (nonce !== undefined) return nonce;
    // Sockets are read between the slices.
    await turn();
  }
}

/** A round to which all of these miners are assigned, and a nonce that wins it; a round that passed meanwhile is not it. */
export async function solved(...miners: readonly PoolWire[]): Promise<Solved> {
  for (;;) {
    const round = await common(miners);
    const nonce = await solve(round);
    if ((await common(miners)).round_id === round.round_id) return { round, nonce };
  }
}

/** Has the miner solve rounds until it won one; throws at any answer but `win` and `too_late`. */
export async function win(miner: PoolWire, headers: Record<string, string> = {}): Promise<Won> {
  for (;;) {
    const { round, nonce } = await solved(miner);
    const answer = await miner.submit(round, nonce, headers);
    const { status, payout_micro } = answer.json;
    if (status === 'win' && typeof payout_micro === 'number') {
      return { round, nonce, payout: payout_micro, answer };
    }
    assert.equal(status, 'too_late', String(answer));
  }
}

async function common(miners: readonly PoolWire[]): Promise<WireRound> {
  for (;;) {
    const [first, ...others] = await Promise.all(miners.map((miner) => miner.challenge()));
    assert.ok(first !== undefined);
    if (others.every(({ round_id }) => round_id === first.round_id)) return first;
  }
}
