import { isLoopbackHost } from '../../platform/settings/platform.js';
import { integer, text, url, type Values } from '../../platform/settings/setting.js';
import type { Issuer } from './tokens/outside.js';

const LARGEST = 1_000_000_000;
const limit = (fallback: number, describe: string) => integer(fallback, 0, LARGEST, `${describe}; 0 = off`);

/** Settings of accounts: the built-in ones, or an outside OpenID issuer's. */
export const ACCOUNTS_SETTINGS = {
  AUTH_ISSUER: text(undefined, 'outside OpenID issuer (`iss`) whose tokens count instead of our own'),
  AUTH_AUDIENCE: text(undefined, 'the `aud` its tokens must carry'),
  AUTH_JWKS_URL: url(['http:', 'https:'], 'where its public keys are'),
  ACCOUNTS_LIMIT_REQUESTS: limit(60, 'requests per 10 s and address'),
};

export type AccountsSettings = Values<typeof ACCOUNTS_SETTINGS>;

/** Names of what an outside issuer lacks, or has without being one. */
export function issuerFaults(settings: AccountsSettings, production: boolean): string[] {
  const names = ['AUTH_ISSUER', 'AUTH_AUDIENCE', 'AUTH_JWKS_URL'] as const;
  const set = names.find((name) => settings[name] !== undefined);
  if (set === undefined) return [];
  const faults = names
    .filter((name) => settings[name] === undefined)
    .map((name) => `${name} is required with ${set}`);
  if (production && settings.AUTH_JWKS_URL !== undefined) {
    const { protocol, hostname } = new URL(settings.AUTH_JWKS_URL);
    if (protocol !== 'https:' && !isLoopbackHost(hostname)) {
      faults.push('AUTH_JWKS_URL must be https in production, unless its host is loopback');
    }
  }
  return faults;
}

/** The outside issuer; null where there is none. */
export function issuerOf(settings: AccountsSettings): Issuer | null {
  const { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: jwksUrl } = settings;
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) return null;
  return { issuer, audience, jwksUrl };
}

/** Requests as a token bucket. */
export function requestBucket(settings: AccountsSettings) {
  return { name: 'accounts', capacity: settings.ACCOUNTS_LIMIT_REQUESTS, windowMs: 10_000 };
}
