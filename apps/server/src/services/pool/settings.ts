import type { TrackName } from '@blindpost/protocol/pool';
import { flag, integer, url, type Values, weights } from '../../platform/settings/setting.js';
import type { Terms } from './rules/terms.js';

const LARGEST = 1_000_000_000;
const limit = (fallback: number, describe: string) => integer(fallback, 0, LARGEST, `${describe}; 0 = off`);

const TRACK_NAMES: readonly TrackName[] = [
  'CPU_HASH',
  'MEM_WORK',
  'CHAIN',
  'BRANCHY_MIX',
  'TINY_VM',
  'VM_CHAIN',
  'ARGON2D_CHAIN',
];

/** Settings of the pool. */
export const POOL_SETTINGS = {
  POOL_REQUIRE_SECRET: flag(false, 'a submit needs the X-POW-SECRET that the socket sends'),
  POOL_ADDRESS_IDENTITY: flag(true, 'who sends no token is known by the address'),
  POOL_REDEEM_MYSQL_URL: url(
    ['mysql:', 'mariadb:'],
    'database of the gateway that honours the codes; none means this server alone',
  ),
  POOL_QUOTA_PER_UNIT: integer(500_000, 1, LARGEST, 'quota a code carries per unit (1,000,000 micro)'),
  POOL_REFILL_MICRO_PER_SECOND: integer(1_000, 0, LARGEST, 'what flows into the pool'),
  POOL_REFILL_CAP_MICRO: integer(100_000_000, 0, 1e15 - 1, 'the pool refills up to this'),
  POOL_PAYOUT_PERCENT: integer(10, 1, 100, 'share of the pool that a win pays'),
  POOL_TARGET_SECONDS: integer(30, 1, 86_400, 'time a round shall take; its bits follow the solves seen'),
  POOL_TRACK_WEIGHTS: weights(
    TRACK_NAMES,
    1,
    1_000,
    'how often each track is assigned; once this is set, a track not named is not issued',
  ),
  POOL_LIMIT_CONNECTIONS: limit(50, 'open sockets per address'),
  POOL_LIMIT_REQUESTS: limit(150, 'requests per 10 s, per address and per token'),
  POOL_LIMIT_VERIFY: limit(4, 'proofs in verification at once, per address and per token'),
  POOL_LIMIT_STRIKES: limit(5, 'invalid proofs before submits have to wait, twice as long each time'),
  POOL_LIMIT_LOCKS: integer(100_000, 1, LARGEST, 'miners that may hold a challenge at once'),
  POOL_LIMIT_LOCKS_PER_ADDRESS: integer(256, 1, LARGEST, 'the same from one address'),
};

export type PoolSettings = Values<typeof POOL_SETTINGS>;

/** What decisions about rounds and money are told. */
export function poolTerms(settings: PoolSettings): Terms {
  return {
    weights: Object.fromEntries(settings.POOL_TRACK_WEIGHTS),
    refillPerSecond: settings.POOL_REFILL_MICRO_PER_SECOND,
    cap: settings.POOL_REFILL_CAP_MICRO,
    payoutPercent: settings.POOL_PAYOUT_PERCENT,
    targetMs: settings.POOL_TARGET_SECONDS * 1000,
  };
}

/** Requests as token buckets. */
export function requestBucket(settings: PoolSettings) {
  return { name: 'pool', capacity: settings.POOL_LIMIT_REQUESTS, windowMs: 10_000 };
}
