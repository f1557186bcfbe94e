import { type ErrorCode, type Refusal, refuse } from '@blindpost/protocol/errors';
import type { Bucket, Jail, Taken, Volatile } from '../volatile/volatile.js';

/** A jailed address waits this long, and violations are counted within as much. */
const JAIL_MS = 300_000;
/** Under which name the refusals of a jailed address are counted. */
const JAIL = 'jail';

/** What a limit still allows, for `X-RateLimit-*`. */
export type Allowance = { limit: number; remaining: number };
export type Limited = { refusal: Refusal | null; allowance: Allowance | null };

const UNLIMITED: Limited = { refusal: null, allowance: null };

/**
 * Token buckets per address and per identity. A refused address collects violations and is jailed; an
 * identity's bucket only refuses, because whoever floods pays with the address, never somebody else.
 */
export class Limits {
  readonly #volatile: Volatile;
  readonly #blind: (address: string) => string;
  readonly #jail: Jail | undefined;
  readonly #code: ErrorCode;
  readonly #hit: (limit: string) => void;

  /**
   * @param blind blinds addresses for the store
   * @param violations refusals before an address is jailed, 0 = never
   * @param code the code refusals carry
   * @param hit told the name of each limit that refuses; default: nobody
   */
  constructor(
    volatile: Volatile,
    blind: (address: string) => string,
    violations: number,
    code: ErrorCode,
    hit: (limit: string) => void = () => undefined,
  ) {
    this.#volatile = volatile;
    this.#blind = blind;
    this.#jail = violations > 0 ? { violations, ms: JAIL_MS } : undefined;
    this.#code = code;
    this.#hit = hit;
  }

  /** Takes `cost`, at most the whole bucket, from the address' bucket; a bucket of capacity 0 is off, but a jailed address stays out. */
  async address(address: string, bucket: Bucket, cost = 1): Promise<Limited> {
    if (bucket.capacity === 0) return { refusal: await this.jailed(address), allowance: null };
    const taken = await this.#volatile.take(
      `a:${this.#blind(address)}`,
      bucket,
      affordable(cost, bucket),
      this.#jail,
    );
    return this.#told(taken, bucket);
  }

  /** Takes `cost`, at most the whole bucket, from the bucket of an identity, named by its blinded hash. */
  async identity(name: string, bucket: Bucket, cost = 1): Promise<Limited> {
    if (bucket.capacity === 0) return UNLIMITED;
    return this.#told(await this.#volatile.take(`i:${name}`, bucket, affordable(cost, bucket)), bucket);
  }

  /** The refusal a jailed address gets before anything else is looked at. */
  async jailed(address: string): Promise<Refusal | null> {
    if (this.#jail === undefined) return null;
    const ms = await this.#volatile.jailed(`a:${this.#blind(address)}`);
    return ms > 0 ? this.#refuse(ms, true, { name: JAIL, capacity: 0 }) : null;
  }

  /** Drops an identity's history. */
  forget(name: string): Promise<void> {
    return this.#volatile.forget(`i:${name}`);
  }

  #told(taken: Taken, bucket: Bucket): Limited {
    if (taken.outcome !== 'ok') {
      const jailed = taken.outcome === 'jailed';
      return { refusal: this.#refuse(taken.retryAfterMs, jailed, bucket), allowance: null };
    }
    return { refusal: null, allowance: { limit: bucket.capacity, remaining: Math.floor(taken.remaining) } };
  }

  // The document tells clients to wait 60 seconds; existing clients expect the whole term when jailed.
  #refuse(
    ms: number,
    jailed: boolean,
    { name, capacity: limit }: Pick<Bucket, 'name' | 'capacity'>,
  ): Refusal {
    this.#hit(jailed ? JAIL : name);
    const retryAfter = Math.max(jailed ? JAIL_MS / 1000 : 60, Math.ceil(ms / 1000));
    const message = jailed
      ? 'This address broke the limits too often and is shut out for a while.'
      : undefined;
    return refuse(this.#code, { retryAfter, limit, jailed }, message);
  }
}

// What costs more than a full bucket could never pass, and doing it lawfully would count as a violation.
function affordable(cost: number, { capacity }: Bucket): number {
  return Math.min(cost, capacity);
}
