import { flag, integer, type Values } from '../../platform/settings/setting.js';

const LARGEST = 1_000_000_000;
const limit = (fallback: number, describe: string) => integer(fallback, 0, LARGEST, `${describe}; 0 = off`);

/** Settings of the e2ee transport. */
export const E2EE_SETTINGS = {
  E2EE_REQUIRE_SIGNED_PREKEYS: flag(false, 'refuses bundles whose signed prekey does not verify'),
  E2EE_LIMIT_CONNECTIONS: limit(50, 'open sockets per address'),
  E2EE_LIMIT_SOCKETS: limit(8, 'open sockets per device'),
  E2EE_LIMIT_REQUESTS: limit(600, 'requests per 10 s and address; the same, frames included, per account'),
  E2EE_LIMIT_SENDS: limit(600, 'envelopes per 10 s and account; a distribution costs one per item'),
  E2EE_LIMIT_QUEUE: limit(10_000, 'envelopes that wait in one queue; a tenth of them for one sender'),
  E2EE_LIMIT_QUEUE_BYTES: limit(
    256 * 1024 * 1024,
    'bytes that wait in one queue; a tenth of them for one sender',
  ),
  E2EE_LIMIT_CLAIMS: limit(200, 'one-time prekeys handed out per hour and account'),
  E2EE_LIMIT_CLAIMS_PER_PEER: limit(10, 'the same to one requester'),
};

export type E2eeSettings = Values<typeof E2EE_SETTINGS>;

const WINDOW_MS = 10_000;

/** The rate limits as token buckets. */
export function e2eeBuckets(settings: E2eeSettings) {
  return {
    requests: { name: 'e2ee', capacity: settings.E2EE_LIMIT_REQUESTS, windowMs: WINDOW_MS },
    sends: { name: 'e2ee-send', capacity: settings.E2EE_LIMIT_SENDS, windowMs: WINDOW_MS },
  };
}

export function queueLimits(settings: E2eeSettings) {
  return { envelopes: settings.E2EE_LIMIT_QUEUE, bytes: settings.E2EE_LIMIT_QUEUE_BYTES };
}

export function claimCaps(settings: E2eeSettings) {
  return { perTarget: settings.E2EE_LIMIT_CLAIMS, perPair: settings.E2EE_LIMIT_CLAIMS_PER_PEER };
}
