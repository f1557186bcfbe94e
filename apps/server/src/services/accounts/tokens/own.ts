import { createPublicKey, type KeyObject } from 'node:crypto';
import { ACCOUNT_TOKEN_TTL_MS } from '@blindpost/protocol/accounts';
import { jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../../../platform/clock.js';
import { dateOf } from '../../../platform/iso-time.js';
import type { Random } from '../../../platform/random.js';
import { signingKey } from '../../../platform/secrets/ed25519.js';
import { uuidBytes, uuidText } from '../../../platform/sql/id.js';
import type { Bearer, TokenCheck } from './bearer.js';
import { refusedBy } from './refused.js';
import { tokenIdOf } from './token-id.js';

const ALGORITHM = 'EdDSA';
const TYPE = 'JWT';
/** Stands where PUBLIC_URL is not set: the port may be another after a restart. */
const NAMELESS = 'blindpost:local';
/** There is one device per account so far. */
const DEVICE = 'default';
const CLAIMS = ['sub', 'device', 'iat', 'exp', 'jti', 'gen'];

export type OwnTokensOptions = {
  /** 32 bytes. */
  seed: Buffer;
  publicUrl: string | undefined;
  clock: Clock;
  random: Random;
};

/** Tokens that this server, and every other with its secret and name, makes itself. */
export class OwnTokens implements TokenCheck {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor({ seed, publicUrl, clock, random }: OwnTokensOptions) {
    this.#privateKey = signingKey(seed);
    this.#publicKey = createPublicKey(this.#privateKey);
    this.#name = publicUrl ?? NAMELESS;
    this.#clock = clock;
    this.#random = random;
  }

  /** A new token of the account in this generation, and when it ends. */
  async issue(account: Uint8Array, generation: number): Promise<{ token: string; expiresAt: number }> {
    const issuedAt = Math.floor(this.#clock.now() / 1000);
    const expiresAt = issuedAt + ACCOUNT_TOKEN_TTL_MS / 1000;
    const token = await new SignJWT({ device: DEVICE, gen: generation })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(this.#name)
      .setAudience(this.#name)
      .setSubject(uuidText(account))
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .setJti(this.#random.hex(16))
      .sign(this.#privateKey);
    return { token, expiresAt: expiresAt * 1000 };
  }

  async check(token: string): Promise<Bearer | null> {
    const verified = await refusedBy(() =>
      jwtVerify(token, this.#publicKey, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: this.#name,
        audience: this.#name,
        requiredClaims: CLAIMS,
        currentDate: dateOf(this.#clock.now()),
      }),
    );
    if (verified === null) return null;
    const { sub, device, iat, exp, gen } = verified.payload;
    const account = uuidBytes(sub ?? '');
    if (account === null || typeof device !== 'string' || typeof gen !== 'number') return null;
    if (iat === undefined || exp === undefined) return null;
    return {
      account,
      accountId: uuidText(account),
      device,
      tokenId: tokenIdOf(token),
      issuedAt: iat * 1000,
      expiresAt: exp * 1000,
      generation: gen,
    };
  }
}
