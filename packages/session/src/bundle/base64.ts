import { SessionError } from '../error.js';

/** Standard Base64 with padding (RFC 4648, 4), of keys. */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * Bytes as they are, or those that Base64 spells, in its one spelling.
 * @throws SessionError `bad_bundle` naming the field
 */
export function bytesOf(value: Uint8Array | string, field: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  try {
    const bytes = Uint8Array.from(atob(value), (char) => char.charCodeAt(0));
    if (encodeBase64(bytes) === value) return bytes;
  } catch {
    // Not Base64 at all: the same refusal.
  }
  throw new SessionError('bad_bundle', field);
}
