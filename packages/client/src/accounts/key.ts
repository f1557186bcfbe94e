import { newSecret, SigningKey } from '../keys/signing-key.js';

/** The Ed25519 key (RFC 8032) that an account is registered with and logs in by. */
export class AccountKey extends SigningKey {
  /** A new key from the system's CSPRNG. */
  static create(): AccountKey {
    return new AccountKey(newSecret());
  }

  /**
   * The key of a stored secret.
   * @param secret - the 32-byte Ed25519 seed; copied
   * @throws RangeError when it is not 32 bytes
   */
  static fromSecret(secret: Uint8Array): AccountKey {
    return new AccountKey(secret);
  }
}
