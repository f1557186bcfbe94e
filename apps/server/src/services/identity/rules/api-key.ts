import { createHash, timingSafeEqual } from 'node:crypto';

/** An attester's API key, 32 random bytes in hex. */
export const API_KEY_BYTES = 32;

/** What is kept of an API key, and what it is found by: the key has 256 random bits, so nobody tries its hash. */
export function apiKeyHash(key: string): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(key).digest());
}

/** Compared in constant time: an index that finds a row by a part of its hash must not be what lets in. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
