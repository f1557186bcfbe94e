import { integer, url, type Values } from '../../platform/settings/setting.js';

const LARGEST = 1_000_000_000;
const limit = (fallback: number, describe: string) => integer(fallback, 0, LARGEST, `${describe}; 0 = off`);

/** Settings of entity identity. */
export const IDENTITY_SETTINGS = {
  ASSETS_URL: url(['http:', 'https:'], 'where proving assets are fetched from; none means this server'),
  IDENTITY_ROOT_WINDOW: integer(
    3_600_000,
    0,
    30 * 86_400_000,
    'milliseconds a root stays valid after an attester was added; a revocation ends it at once',
  ),
  IDENTITY_LIMIT_VERIFY: limit(100, 'proofs per minute and address'),
  IDENTITY_LIMIT_ATTEST: limit(10, 'attestations per minute and attester'),
  IDENTITY_LIMIT_REGISTRY: limit(60, 'requests of the registry per minute and address'),
  IDENTITY_LIMIT_REQUESTS: limit(600, 'all other requests per minute and address'),
  IDENTITY_LIMIT_ATTESTERS: integer(10_000, 1, 2 ** 20, 'attesters that are approved at once'),
  IDENTITY_LIMIT_ATTESTATIONS: limit(10_000_000, 'attestations on record'),
  IDENTITY_LIMIT_NULLIFIERS: limit(100_000_000, 'nullifiers on record'),
};

export type IdentitySettings = Values<typeof IDENTITY_SETTINGS>;

const MINUTE_MS = 60_000;

/** The rate limits as token buckets. */
export function identityBuckets(settings: IdentitySettings) {
  return {
    verify: { name: 'identity-verify', capacity: settings.IDENTITY_LIMIT_VERIFY, windowMs: MINUTE_MS },
    attest: { name: 'identity-attest', capacity: settings.IDENTITY_LIMIT_ATTEST, windowMs: MINUTE_MS },
    registry: { name: 'identity-registry', capacity: settings.IDENTITY_LIMIT_REGISTRY, windowMs: MINUTE_MS },
    requests: { name: 'identity', capacity: settings.IDENTITY_LIMIT_REQUESTS, windowMs: MINUTE_MS },
  };
}
