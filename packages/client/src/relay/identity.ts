import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * An Ed25519 key pair (RFC 8032) and the name it gives: the relay knows an identity only by the SHA-256 of its
 * public key. Works in Node and browsers.
 */
export class Identity {
  /** SHA-256 of the raw public key, 64 lower-case hex digits. */
  readonly hash: string;
  /** The raw public key in standard Base64. */
  readonly publicKey: string;
  readonly #secret: Uint8Array;

  private constructor(secret: Uint8Array) {
    const publicKey = ed25519.getPublicKey(secret);
    this.#secret = secret;
    this.publicKey = toBase64(publicKey);
    this.hash = identityHash(this.publicKey);
  }

  /** A new identity from the system's CSPRNG. */
  static create(): Identity {
    return new Identity(ed25519.utils.randomSecretKey());
  }

  /**
   * The identity of a stored secret.
   * @param secret - the 32-byte Ed25519 seed; copied
   * @throws RangeError when it is not 32 bytes
   */
  static fromSecret(secret: Uint8Array): Identity {
    if (secret.length !== 32) throw new RangeError('secret must be 32 bytes');
    return new Identity(Uint8Array.from(secret));
  }

  /** A copy of the 32-byte seed, for storing. Whoever has it is this identity. */
  get secret(): Uint8Array {
    return Uint8Array.from(this.#secret);
  }

  /** Signs the UTF-8 of `text`; answers the 64-byte signature in standard Base64. */
  sign(text: string): string {
    return toBase64(ed25519.sign(utf8ToBytes(text), this.#secret));
  }
}

/** The name that a public key gives: SHA-256 of its raw bytes, as hex. `publicKey` is standard Base64. */
export function identityHash(publicKey: string): string {
  return bytesToHex(sha256(Uint8Array.from(atob(publicKey), (char) => char.charCodeAt(0))));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
