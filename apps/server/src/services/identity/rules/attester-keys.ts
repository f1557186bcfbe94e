import { deriveKey } from '../../../platform/secrets/keys.js';
import { AesSealer } from '../../../platform/secrets/sealer.js';

/**
 * Private keys of attesters as they are kept. What is sealed names the public key, so that a row whose sealed key was
 * exchanged for another's signs nothing.
 */
export class AttesterKeys {
  readonly #sealer: AesSealer;

  constructor(secret: string) {
    this.#sealer = new AesSealer(deriveKey(secret, 'attester key'));
  }

  seal(publicKey: Uint8Array, key: Uint8Array): string {
    return this.#sealer.seal(`${hex(publicKey)}:${hex(key)}`);
  }

  /** Null when it was sealed under another secret, or for another public key. */
  open(publicKey: Uint8Array, sealed: string): Uint8Array | null {
    const [owner, key] = this.#sealer.open(sealed)?.split(':') ?? [];
    return owner === hex(publicKey) && key !== undefined ? Uint8Array.from(Buffer.from(key, 'hex')) : null;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
