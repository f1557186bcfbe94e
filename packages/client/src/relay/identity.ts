import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { newSecret, SigningKey } from '../keys/signing-key.js';

/**
 * An Ed25519 key pair (RFC 8032) and the name it gives: the relay knows an identity only by the SHA-256 of its
 * public key. Works in Node and browsers.
 */
export class Identity extends SigningKey {
  /** SHA-256 of the raw public key, 64 lower-case hex digits. */
  readonly hash = identityHash(this.publicKey);

  /** A new identity from the system's CSPRNG. */
  static create(): Identity {
    return new Identity(newSecret());
  }

  /**
   * The identity of a stored secret.
   * @param secret - the 32-byte Ed25519 seed; copied
   * @throws RangeError when it is not 32 bytes
   */
  static fromSecret(secret: Uint8Array): Identity {
    return new Identity(secret);
  }
}

/** The name that a public key gives: SHA-256 of its raw bytes, as hex. `publicKey` is standard Base64. */
export function identityHash(publicKey: string): string {
  return bytesToHex(sha256(Uint8Array.from(atob(publicKey), (char) => char.charCodeAt(0))));
}
