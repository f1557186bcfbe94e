import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { Limits } from '../admission/limits.js';
import type { Addresses } from './addresses.js';

/** Wrong keys tried from one address before it has to wait. */
const FAILURES = { name: 'admin', capacity: 10, windowMs: 60_000 };

/**
 * The one admin key: `Authorization: Bearer` or `X-Admin-Token`, compared in constant time. Only failures
 * are limited: others behind the operator's address must not be able to lock the operator out.
 */
export class Admin {
  readonly #key: Buffer;
  readonly #limits: Limits;
  readonly #addresses: Addresses;

  constructor(key: string, limits: Limits, addresses: Addresses) {
    this.#key = digest(key);
    this.#limits = limits;
    this.#addresses = addresses;
  }

  /** Null when the request carries the key. */
  async authorise(request: IncomingMessage): Promise<Refusal | null> {
    const offered = offeredKey(request);
    if (offered === undefined) return refuse('unauthorized');
    if (timingSafeEqual(digest(offered), this.#key)) return null;
    const { refusal } = await this.#limits.address(this.#addresses.of(request), FAILURES);
    return refusal ?? refuse('unauthorized');
  }

  /** Null for this machine or the admin key: what counts are shown to. */
  async authoriseLocal(request: IncomingMessage): Promise<Refusal | null> {
    return this.#addresses.isLoopback(request) ? null : this.authorise(request);
  }
}

function offeredKey({ headers }: IncomingMessage): string | undefined {
  const token = headers['x-admin-token'];
  if (typeof token === 'string') return token;
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

// Digests are of one length, so comparing them tells nothing about the key's.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
