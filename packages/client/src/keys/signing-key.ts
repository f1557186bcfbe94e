import { ed25519 } from '@noble/curves/ed25519.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { encodeBase64 } from '../base64/base64.js';

/** An Ed25519 key pair (RFC 8032) that signs texts. Works in Node and browsers. */
export class SigningKey {
  /** The raw public key in standard Base64. */
  readonly publicKey: string;
  readonly #secret: Uint8Array;

  /**
   * @param secret - the 32-byte Ed25519 seed; copied
   * @throws RangeError when it is not 32 bytes
   */
  protected constructor(secret: Uint8Array) {
    if (secret.length !== 32) throw new RangeError('secret must be 32 bytes');
    this.#secret = Uint8Array.from(secret);
    this.publicKey = encodeBase64(ed25519.getPublicKey(this.#secret));
  }

  /** A copy of the 32-byte seed, for storing. Whoever has it can sign as this key. */
  get secret(): Uint8Array {
    return Uint8Array.from(this.#secret);
  }

  /** Signs the UTF-8 of `text`; answers the 64-byte signature in standard Base64. */
  sign(text: string): string {
    return encodeBase64(ed25519.sign(utf8ToBytes(text), this.#secret));
  }
}

/** A new secret from the system's CSPRNG. */
export function newSecret(): Uint8Array {
  return ed25519.utils.randomSecretKey();
}
