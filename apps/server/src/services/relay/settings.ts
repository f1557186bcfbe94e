import { MAX_ALIASES, MAX_GRANTS, MAX_NICKNAMES } from '@blindpost/protocol/relay';
import { flag, integer, oneOf, url, type Values } from '../../platform/settings/setting.js';

const LARGEST = 1_000_000_000;
const limit = (fallback: number, describe: string) => integer(fallback, 0, LARGEST, `${describe}; 0 = off`);

/** Settings of the relay. */
export const RELAY_SETTINGS = {
  RELAY_REDIS_URL: url(['redis:', 'rediss:'], "the relay's own Redis 7, if not REDIS_URL; none means memory"),
  RELAY_POW_UNIT: oneOf(
    ['bits', 'hex'],
    'bits',
    'unit of difficulty: leading zero bits, or hex digits as the original counts',
  ),
  RELAY_POW_DIFFICULTY: integer(
    0,
    0,
    32,
    'base difficulty in that unit; 0 = the default, 20 bits or 4 digits',
  ),
  RELAY_COMPAT_SENDER: flag(false, 'tells recipients who sent (gives up sealed sender)'),
  RELAY_COMPAT_BINARY: flag(false, 'binary frames out without id and length, as the original'),
  RELAY_COMPAT_SIGNATURES: flag(false, 'also takes burn signatures that bind no seed'),
  RELAY_LIMIT_CONNECTIONS: limit(50, 'open sockets per address'),
  RELAY_LIMIT_SOCKETS: limit(20_000, 'open sockets in all'),
  RELAY_LIMIT_CHALLENGES: limit(600, 'challenges per minute and address'),
  RELAY_LIMIT_REQUESTS: limit(150, 'requests per 10 s and address'),
  RELAY_LIMIT_FRAMES: limit(
    200,
    'frames per 10 s, per address and per identity; a multicast costs one per target, a large frame one per 8 KiB',
  ),
  RELAY_LIMIT_JAIL: limit(5, 'violations until an address is shut out for 300 s'),
  RELAY_LIMIT_MEMORY: limit(256 * 1024 * 1024, 'bytes of all mailboxes together'),
};

export type RelaySettings = Values<typeof RELAY_SETTINGS>;

/** Base difficulty when none is set: 20 bits take a browser well under a second, 4 hex digits are the original's. */
export function baseDifficulty(settings: RelaySettings): number {
  if (settings.RELAY_POW_DIFFICULTY > 0) return settings.RELAY_POW_DIFFICULTY;
  return settings.RELAY_POW_UNIT === 'hex' ? 4 : 20;
}

const SECOND = 1000;
const HOUR = 3_600 * SECOND;

export const SESSION_TTL_MS = HOUR;
/** Prekeys handed out per target: to one asker, and in all. Beyond, the bundle comes without one. */
export const TAKE_CAPS = { perRequester: 5, perTarget: 60, windowMs: HOUR };

/** Challenges of the gate as a token bucket. */
export function challengeBucket(settings: RelaySettings) {
  return { name: 'challenge', capacity: settings.RELAY_LIMIT_CHALLENGES, windowMs: 60 * SECOND };
}

/** The rate limits as token buckets. */
export function relayBuckets(settings: RelaySettings) {
  return {
    requests: { name: 'request', capacity: settings.RELAY_LIMIT_REQUESTS, windowMs: 10 * SECOND },
    frames: { name: 'frame', capacity: settings.RELAY_LIMIT_FRAMES, windowMs: 10 * SECOND },
  };
}

export function storeLimits(settings: RelaySettings) {
  return {
    mailboxMessages: 500,
    mailboxBytes: 8 * 1024 * 1024,
    senderShare: 0.2,
    memoryBytes: settings.RELAY_LIMIT_MEMORY,
    sessions: 8,
    nicknames: MAX_NICKNAMES,
    aliases: MAX_ALIASES,
    grants: MAX_GRANTS,
    spentPreKeys: 10_000,
    ttlMs: 30 * 24 * HOUR,
  };
}
