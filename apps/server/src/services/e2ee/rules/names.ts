import { createHmac } from 'node:crypto';
import { deriveKey } from '../../../platform/secrets/keys.js';
import type { Bearer } from '../accounts.js';

/** Names under which the store and the limits know what clients must not be found by. Keyed: ids can be guessed. */
export class Names {
  readonly #key: Buffer;
  readonly #accounts = new WeakMap<Bearer, string>();

  constructor(secret: string) {
    this.#key = deriveKey(secret, 'e2ee names');
  }

  /** Of an account, for limits; each request asks two or three times. */
  account(bearer: Bearer): string {
    const known = this.#accounts.get(bearer);
    if (known !== undefined) return known;
    const name = this.#digest('account', bearer.accountId).toString('hex');
    this.#accounts.set(bearer, name);
    return name;
  }

  /** Idempotency key: the same recipient, sender and `clientMessageId`. 16 bytes. */
  message(recipient: Uint8Array, sender: Uint8Array, clientMessageId: string): Uint8Array {
    return this.#short('message', recipient, sender, clientMessageId);
  }

  /** Who claims prekeys of whom. 16 bytes. */
  pair(requester: Uint8Array, device: string, target: Uint8Array): Uint8Array {
    return this.#short('pair', requester, target, device);
  }

  // Two of 16 bytes before one of any length: no two lists of parts read the same.
  #short(kind: string, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
    return Uint8Array.from(this.#digest(kind, ...parts).subarray(0, 16));
  }

  #digest(kind: string, ...parts: readonly (Uint8Array | string)[]): Buffer {
    // In one piece: each further call of the hash costs as much as hashing all of it.
    const whole = Buffer.concat([`${kind}\0`, ...parts].map((part) => Buffer.from(part)));
    return createHmac('sha256', this.#key).update(whole).digest();
  }
}
