import { ed25519 } from '@noble/curves/ed25519.js';
import { SessionError } from '../error.js';
import { type Random, systemRandom } from '../primitives/random.js';
import { agree, KEY_LENGTH } from '../primitives/x25519.js';

/** An Ed25519 identity (RFC 8032); its X25519 agreement key is the birational map of it (RFC 7748, 4.1). */
export class IdentityKeys {
  /** Raw Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly #secret: Uint8Array;
  readonly #agreementSecret: Uint8Array;

  private constructor(secret: Uint8Array) {
    if (!(secret instanceof Uint8Array) || secret.length !== KEY_LENGTH) {
      throw new SessionError('bad_key', 'secret');
    }
    this.#secret = Uint8Array.from(secret);
    this.#agreementSecret = ed25519.utils.toMontgomerySecret(this.#secret);
    this.publicKey = ed25519.getPublicKey(this.#secret);
  }

  /** A new identity, from the platform's CSPRNG unless told otherwise. */
  static create(random: Random = systemRandom): IdentityKeys {
    return new IdentityKeys(random(KEY_LENGTH));
  }

  /**
   * The identity of a stored secret.
   * @param secret - the 32-byte Ed25519 seed; copied
   * @throws SessionError `bad_key` when it is not 32 bytes
   */
  static fromSecret(secret: Uint8Array): IdentityKeys {
    return new IdentityKeys(secret);
  }

  /** A copy of the seed, to be stored. */
  get secret(): Uint8Array {
    return this.#secret.slice();
  }

  /** Ed25519 signature, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array {
    return ed25519.sign(bytes, this.#secret);
  }

  /**
   * The X25519 secret shared with a public X25519 key.
   * @throws SessionError `bad_key` for a key of small order
   */
  agree(publicKey: Uint8Array): Uint8Array {
    return agree(this.#agreementSecret, publicKey);
  }
}
