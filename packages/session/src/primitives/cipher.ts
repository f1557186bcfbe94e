import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { SessionError } from '../error.js';
import { derive } from './kdf.js';
import { pad, unpad } from './padding.js';

const LABEL = 'Blindpost message v1 XChaCha20-Poly1305';

/** Encrypts one message under a key that serves once; `associated` is bound to it. */
export function encryptOnce(
  messageKey: Uint8Array,
  associated: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  return cipher(messageKey, associated).encrypt(pad(plaintext));
}

/** @throws SessionError `bad_message` when key, associated data or ciphertext are not those of the encryption */
export function decryptOnce(
  messageKey: Uint8Array,
  associated: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  return unpad(open(cipher(messageKey, associated), ciphertext));
}

/** Decrypts with a cipher of @noble, whose refusals are all one to the reader. */
export function open(
  box: { decrypt(ciphertext: Uint8Array): Uint8Array },
  ciphertext: Uint8Array,
): Uint8Array {
  try {
    return box.decrypt(ciphertext);
  } catch {
    throw new SessionError('bad_message');
  }
}

/** Key and nonce both come of the message key (Double Ratchet, 7.2): no nonce can be used twice. */
function cipher(messageKey: Uint8Array, associated: Uint8Array) {
  const material = derive(messageKey, LABEL, 56);
  return xchacha20poly1305(material.slice(0, 32), material.slice(32), associated);
}
