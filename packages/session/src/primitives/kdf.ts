import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** HKDF-SHA-256 (RFC 5869); without a salt it is 32 zeros. */
export function derive(
  secret: Uint8Array,
  label: string,
  length: number,
  salt: Uint8Array = new Uint8Array(32),
): Uint8Array {
  return hkdf(sha256, secret, salt, utf8ToBytes(label), length);
}

const MESSAGE_KEY = Uint8Array.of(1);
const CHAIN_KEY = Uint8Array.of(2);

/** KDF_CK of the Double Ratchet (7.2): the key of the message that the chain stands at … */
export function messageKeyOf(chainKey: Uint8Array): Uint8Array {
  return hmac(sha256, chainKey, MESSAGE_KEY);
}

/** … and the chain key after it. */
export function nextChainKey(chainKey: Uint8Array): Uint8Array {
  return hmac(sha256, chainKey, CHAIN_KEY);
}
