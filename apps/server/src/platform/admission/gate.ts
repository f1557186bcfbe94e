import { createHash, createHmac } from 'node:crypto';
import { verify } from '@blindpost/pow/hashcash';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { Challenge, ChallengeQuery, PowUnit } from '@blindpost/protocol/relay';
import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import type { Volatile } from '../volatile/volatile.js';
import { type Load, loadSurcharge, type Purpose, price } from './price.js';

const SEED_TTL_MS = 60_000;
const REGISTRATION_WINDOW_MS = 300_000;

export type GateOptions = { unit: PowUnit; base: number };

/** Work offered for one purpose. `context` is the text the work is bound to, `identity` whom it is for. */
export type Payment = {
  seed: string | undefined;
  nonce: string | undefined;
  purpose: Purpose;
  context: string;
  identity?: string;
};

/** What is remembered of a seed. The surcharge is frozen at issue, so rising load fails no valid solution. */
type Quote = { decoy: boolean; difficulty: number; surcharge: number; identity: string | null };

/** The door where work is paid. Seeds are single use and live 60 seconds. */
export class Gate {
  readonly #volatile: Volatile;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #loopDelay: () => number;
  readonly #options: GateOptions;

  constructor(
    volatile: Volatile,
    clock: Clock,
    random: Random,
    loopDelay: () => number,
    options: GateOptions,
  ) {
    this.#volatile = volatile;
    this.#clock = clock;
    this.#random = random;
    this.#loopDelay = loopDelay;
    this.#options = options;
  }

  /** Issues a seed and quotes its difficulty. */
  async issue(query: ChallengeQuery): Promise<Challenge | Refusal> {
    const { unit, base } = this.#options;
    const seed = this.#random.hex(32);
    const surcharge = loadSurcharge(await this.#load());
    const type = query.type ?? 'upload';
    const difficulty = price({ type, nickname: query.nickname }, base, surcharge, unit);
    const identity = query.identity_hash === undefined ? null : identityTag(seed, query.identity_hash);
    const quote: Quote = { decoy: type === 'decoy', difficulty, surcharge, identity };
    const kept = await this.#volatile.putSeed(seedKey(seed), JSON.stringify(quote), SEED_TTL_MS);
    if (!kept) return refuse('ERR_UNAVAILABLE', { retryAfter: SEED_TTL_MS / 1000 });
    return { seed, difficulty, unit, expires_at_ms: this.#clock.now() + SEED_TTL_MS };
  }

  /** Spends a seed; null when the work is done. A wrong nonce spends it too. */
  async pay(payment: Payment): Promise<Refusal | null> {
    const { seed, nonce, purpose, context, identity } = payment;
    if (seed === undefined || nonce === undefined) {
      return refuse(
        'ERR_POW_INVALID',
        { field: seed === undefined ? 'seed' : 'nonce' },
        'Proof of work is required.',
      );
    }
    const record = await this.#volatile.spendSeed(seedKey(seed));
    if (record === null) return refuse('ERR_EXPIRED', { field: 'seed' });
    const quote: Quote = JSON.parse(record);
    const { unit, base } = this.#options;
    const difficulty = price(purpose, base, quote.surcharge, unit);
    // A cheap seed must not pay for a dear purpose, nor one identity's seed for another's.
    const foreign =
      identity !== undefined && quote.identity !== null && quote.identity !== identityTag(seed, identity);
    const cheap = quote.difficulty < difficulty || (quote.decoy && purpose.type !== 'decoy');
    if (foreign || cheap)
      return refuse('ERR_POW_INVALID', { field: 'seed' }, 'The seed was quoted for another purpose.');
    return verify({ seed, context, difficulty, unit }, nonce)
      ? null
      : refuse('ERR_POW_INVALID', { field: 'nonce' });
  }

  /** Counts one new identity; many of them in 5 minutes raise the price. */
  registered(): Promise<void> {
    return this.#volatile.record('registration', REGISTRATION_WINDOW_MS);
  }

  async #load(): Promise<Load> {
    const registrations = await this.#volatile.count('registration', REGISTRATION_WINDOW_MS);
    return { registrations, loopDelayMs: this.#loopDelay() };
  }
}

/** The store never sees a seed that could still be spent. */
function seedKey(seed: string): string {
  return createHash('sha256').update(seed).digest('hex');
}

/** Keyed by the seed, which the store does not hold: an identity's seeds cannot be found in it. */
function identityTag(seed: string, identity: string): string {
  return createHmac('sha256', seed).update(identity).digest('base64url');
}
