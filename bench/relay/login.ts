import { randomBytes } from 'node:crypto';
import { type Puzzle, solve } from '@blindpost/pow/hashcash';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { EndpointOptions } from './endpoint.js';

/** An identity and the `auth` frame that admits it. */
export type Credentials = { hash: string; frame: string };

/** Fetches a challenge, solves it and, unless work alone is asked for, signs. */
export async function credentials({ url, auth }: EndpointOptions): Promise<Credentials> {
  if (auth === 'pow') {
    const hash = randomBytes(32).toString('hex');
    return { hash, frame: authFrame(await paid(url, hash)) };
  }
  const identity = makeIdentity();
  const work = await paid(url, identity.hash);
  const signature = identity.sign(`AUTH:${new URL(url).host}:${work.seed}:${identity.hash}`);
  return {
    hash: identity.hash,
    frame: authFrame({ ...work, identityKey: identity.publicKey, signature }),
  };
}

async function paid(url: string, hash: string) {
  const answer = await fetch(`${url}/pow/challenge?type=auth&identity_hash=${hash}`);
  if (!answer.ok) throw new Error(`no challenge: ${answer.status} ${(await answer.text()).trim()}`);
  const puzzle = puzzleOf(await answer.json(), hash);
  const { nonce } = await solve(puzzle);
  return { identity_hash: hash, seed: puzzle.seed, nonce };
}

function puzzleOf(challenge: unknown, context: string): Puzzle {
  if (
    typeof challenge === 'object' &&
    challenge !== null &&
    'seed' in challenge &&
    'difficulty' in challenge
  ) {
    const { seed, difficulty } = challenge;
    // Servers that do not name the unit count hex digits.
    const unit = 'unit' in challenge && challenge.unit === 'bits' ? 'bits' : 'hex';
    if (typeof seed === 'string' && typeof difficulty === 'number')
      return { seed, difficulty, unit, context };
  }
  throw new Error(`not a challenge: ${JSON.stringify(challenge)}`);
}

function authFrame(payload: object): string {
  return JSON.stringify({ type: 'auth', payload });
}
