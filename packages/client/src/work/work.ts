import { solve } from '@blindpost/pow/hashcash';
import type { ChallengeType, PowUnit } from '@blindpost/protocol/relay';
import type { Endpoint } from '../http/endpoint.js';
import { type ErrorMaker, exchange } from '../http/exchange.js';
import { isRecord } from '../json/record.js';

/** A solved challenge, ready to pay for one request. */
export interface Work {
  seed: string;
  nonce: string;
}

/** How a request carries its work. */
export function workHeaders({ seed, nonce }: Work): Record<string, string> {
  return { 'x-pow-seed': seed, 'x-pow-nonce': nonce };
}

/** What the work is for; the price and the validity of a seed depend on it. */
export interface Purpose {
  type: ChallengeType;
  /** Hashed with the seed, so that the work pays for nothing else. */
  context: string;
  identityHash?: string;
  nickname?: string;
}

/** More leading zero bits than the gate may ever ask (32 and surcharges of 8): hours of work for nothing. */
const MAX_BITS = 40;

export interface WorkOptions {
  /** Of the service that is paid. */
  errors: ErrorMaker;
  signal?: AbortSignal | undefined;
}

/** Fetches a challenge and solves it. Rejects like {@link exchange}; an absurd price is a `bad_answer`. */
export async function work(
  endpoint: Pick<Endpoint, 'base'>,
  purpose: Purpose,
  { errors, signal }: WorkOptions,
): Promise<Work> {
  const { type, context, identityHash, nickname } = purpose;
  const query = {
    type,
    ...(identityHash === undefined ? {} : { identity_hash: identityHash }),
    ...(nickname === undefined ? {} : { nickname }),
  };
  const url = new URL('pow/challenge', endpoint.base);
  url.search = new URLSearchParams(query).toString();
  const challenge = await exchange(url, { signal }, errors);
  const { seed, difficulty, unit } = isRecord(challenge) ? challenge : {};
  if (
    typeof seed !== 'string' ||
    !/^[0-9a-f]{64}$/.test(seed) ||
    !isUnit(unit) ||
    !isPrice(difficulty, unit)
  ) {
    throw errors.badAnswer({ field: 'challenge' });
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
