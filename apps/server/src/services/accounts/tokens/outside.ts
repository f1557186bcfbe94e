import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Clock } from '../../../platform/clock.js';
import { dateOf } from '../../../platform/iso-time.js';
import { uuidBytes, uuidText } from '../../../platform/sql/id.js';
import { Unavailable } from '../../../platform/unavailable.js';
import { endOf } from '../rules/lifetime.js';
import type { Bearer, TokenCheck } from './bearer.js';
import { refusedBy } from './refused.js';
import { tokenIdOf } from './token-id.js';

/** Asymmetric ones only: with the others whoever can check a token could make one. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512'],
  ...['PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512'],
  ...['EdDSA', 'Ed25519'],
];
const CLAIMS = ['sub', 'iat', 'exp'];
const DEVICE = 'default';
/** Keys are fetched again for a key id that is not among them, but not more often. */
const COOLDOWN_MS = 5_000;
/** Keys that could not be had are not asked for meanwhile: a flood of tokens is none of requests. */
const PAUSE_MS = 1_000;
const FETCH_GUARD_MS = 5_000;

export type Issuer = { issuer: string; audience: string; jwksUrl: string };

/** Tokens of an OpenID issuer that the operator trusts. */
export class OutsideTokens implements TokenCheck {
  readonly #issuer: Issuer;
  readonly #clock: Clock;
  readonly #keys: JWTVerifyGetKey;

  constructor(issuer: Issuer, clock: Clock) {
    this.#issuer = issuer;
    this.#clock = clock;
    const remote = createRemoteJWKSet(new URL(issuer.jwksUrl), {
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: FETCH_GUARD_MS,
      [customFetch]: patient(clock),
    });
    this.#keys = async (header, input) => {
      try {
        return await remote(header, input);
      } catch (error) {
        if (isTokensFault(error)) throw error;
        throw new Unavailable('the issuer of tokens', error);
      }
    };
  }

  async check(token: string): Promise<Bearer | null> {
    const now = this.#clock.now();
    const verified = await refusedBy(() =>
      jwtVerify(token, this.#keys, {
        algorithms: ALGORITHMS,
        issuer: this.#issuer.issuer,
        audience: this.#issuer.audience,
        requiredClaims: CLAIMS,
        currentDate: dateOf(now),
      }),
    );
    if (verified === null) return null;
    const { sub, iat, exp } = verified.payload;
    const account = typeof sub === 'string' ? uuidBytes(sub) : null;
    if (account === null || iat === undefined || exp === undefined) return null;
    const expiresAt = endOf({ iat, exp }, now);
    if (expiresAt === null) return null;
    return {
      account,
      accountId: uuidText(account),
      device: DEVICE,
      tokenId: tokenIdOf(token),
      issuedAt: iat * 1000,
      expiresAt,
      generation: null,
    };
  }
}

/** The keys were had, and none of them is this token's. */
function isTokensFault(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

/** `fetch` that pauses after it failed. */
function patient(clock: Clock): typeof fetch {
  let resumeAt = Number.NEGATIVE_INFINITY;
  return async (url, options) => {
    if (clock.monotonic() < resumeAt) throw new Error('the keys could not be had a moment ago');
    const pause = () => {
      resumeAt = clock.monotonic() + PAUSE_MS;
    };
    try {
      const response = await fetch(url, options);
      if (response.status !== 200) pause();
      return response;
    } catch (error) {
      pause();
      throw error;
    }
  };
}
