import { hash } from 'node:crypto';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { Clock } from '../../../platform/clock.js';
import { ExpiringMap } from '../../../platform/expiring.js';
import type { Bearer, TokenCheck } from './bearer.js';
import type { Standings } from './standings.js';

const MAX_LENGTH = 16 * 1024;
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const PROVEN = 50_000;

/**
 * Tells whom a token speaks for. That its signature is good stays true until it ends, and is remembered under
 * the digest of its text; whether it was ended early is asked separately.
 */
export class Verifier {
  readonly #tokens: TokenCheck;
  readonly #standings: Standings;
  readonly #clock: Clock;
  readonly #proven: ExpiringMap<Bearer>;
  /** Checks under way. */
  readonly #checks = new Map<string, Promise<Bearer | null>>();

  /** @param bound tokens remembered */
  constructor(tokens: TokenCheck, standings: Standings, clock: Clock, bound = PROVEN) {
    this.#tokens = tokens;
    this.#standings = standings;
    this.#clock = clock;
    this.#proven = new ExpiringMap(bound);
  }

  /** Rejects with `Unavailable` when it cannot be told now. */
  async verify(token: string): Promise<{ ok: true; bearer: Bearer } | Refusal> {
    const bearer = await this.#prove(token);
    const holds = bearer !== null && (await this.#standings.holds(bearer));
    return holds ? { ok: true, bearer } : refuse('unauthorized', {}, 'The token is not valid, or over.');
  }

  /** Whether the token still holds; asks the database. */
  async stands(bearer: Bearer): Promise<boolean> {
    return bearer.expiresAt > this.#clock.now() && this.#standings.ask(bearer);
  }

  async #prove(token: string): Promise<Bearer | null> {
    if (token.length > MAX_LENGTH || !SHAPE.test(token)) return null;
    const key = hash('sha256', token, 'base64');
    const known = this.#proven.get(key, this.#clock.now());
    if (known !== undefined) return known;
    const underWay = this.#checks.get(key);
    if (underWay !== undefined) return underWay;
    const check = this.#tokens.check(token);
    this.#checks.set(key, check);
    try {
      const bearer = await check;
      if (bearer !== null) this.#proven.set(key, bearer, bearer.expiresAt, this.#clock.now());
      return bearer;
    } finally {
      this.#checks.delete(key);
    }
  }
}
