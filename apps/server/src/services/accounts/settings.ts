import { integer, text, url, type Values } from '../../platform/settings/setting.js';

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
