import { solve } from '@blindpost/pow/hashcash';
import type { ChallengeType, PowUnit } from '@blindpost/protocol/relay';
import type { Endpoint } from '../http/endpoint.js';
import { isRecord } from '../json/record.js';
import { localError } from './errors.js';
import { request, type Work } from './http.js';

/** What the work is for; the price and the validity of a seed depend on it. */
export interface Purpose {
  type: ChallengeType;
  /** Hashed with the seed, so that the work pays for nothing else. */
  context: string;
  identityHash?: string;
  nickname?: string;
}

/** More leading zero bits than the relay may ever ask (32 and surcharges of 8): hours of work for nothing. */
const MAX_BITS = 40;

/** Fetches a challenge and solves it. Rejects like {@link request}; an absurd price is a `bad_answer`. */
export async function work(endpoint: Endpoint, purpose: Purpose, signal?: AbortSignal): Promise<Work> {
  const { type, context, identityHash, nickname } = purpose;
  const query = {
    type,
    ...(identityHash === undefined ? {} : { identity_hash: identityHash }),
    ...(nickname === undefined ? {} : { nickname }),
  };
  const challenge = await request(endpoint, 'pow/challenge', { query, signal });
  const { seed, difficulty, unit } = isRecord(challenge) ? challenge : {};
  if (
    typeof seed !== 'string' ||
    !/^[0-9a-f]{64}$/.test(seed) ||
    !isUnit(unit) ||
    !isPrice(difficulty, unit)
  ) {
    throw localError('bad_answer', { field: 'challenge' });
  }
  const { nonce } = await solve({ seed, context, difficulty, unit }, signal === undefined ? {} : { signal });
  return { seed, nonce };
}

function isUnit(unit: unknown): unit is PowUnit {
  return unit === 'bits' || unit === 'hex';
}

function isPrice(difficulty: unknown, unit: PowUnit): difficulty is number {
  if (typeof difficulty !== 'number' || !Number.isInteger(difficulty) || difficulty < 0) return false;
  return difficulty * (unit === 'hex' ? 4 : 1) <= MAX_BITS;
}
