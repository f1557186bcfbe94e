import { concatBytes } from '@noble/hashes/utils.js';
import { derive } from '../primitives/kdf.js';

/** Version and suite stand in the label: what one suite derives is worth nothing in the other. */
const PQXDH_LABEL = 'Blindpost_PQXDH_v1_CURVE25519_SHA-256_ML-KEM-1024';
const X3DH_LABEL = 'Blindpost_X3DH_v1_CURVE25519_SHA-256';
/** F of X3DH, 2.2: keeps the input apart from any that a signature scheme hashes. */
const DOMAIN = new Uint8Array(32).fill(0xff);

/** What a session starts from. */
export interface Agreement {
  /** SK: the first root key. */
  readonly root: Uint8Array;
  /** Bound to every message of the session. */
  readonly associated: Uint8Array;
}

interface Ingredients {
  /** DH1 to DH3, and DH4 where there was a one-time prekey. */
  readonly agreed: readonly Uint8Array[];
  /** Null in X3DH. */
  readonly kemSecret: Uint8Array | null;
  readonly initiatorKey: Uint8Array;
  readonly responderKey: Uint8Array;
  readonly kemKey: Uint8Array | null;
}

/**
 * KDF and associated data of PQXDH (2.2, 3.3), or of X3DH. The KEM's public key stands in the associated data, so
 * that a ciphertext made for one key cannot be passed on to another (re-encapsulation; PQXDH, 4.12).
 */
export function agreementOf(ingredients: Ingredients): Agreement {
  const { agreed, kemSecret, initiatorKey, responderKey, kemKey } = ingredients;
  const none = new Uint8Array();
  const secret = concatBytes(DOMAIN, ...agreed, kemSecret ?? none);
  return {
    root: derive(secret, kemSecret === null ? X3DH_LABEL : PQXDH_LABEL, 32),
    associated: concatBytes(initiatorKey, responderKey, kemKey ?? none),
  };
}
