import { x25519 } from '@noble/curves/ed25519.js';
import { SessionError } from '../error.js';
import type { Random } from './random.js';

export const KEY_LENGTH = 32;

/** An X25519 key pair (RFC 7748, 5). */
export interface KeyPair {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

export function createKeyPair(random: Random): KeyPair {
  return keyPairOf(random(KEY_LENGTH));
}

export function keyPairOf(secret: Uint8Array): KeyPair {
  return { secret, publicKey: x25519.getPublicKey(secret) };
}

/**
 * The shared secret of X25519. A point of small order gives zeros whatever the secret is, so that a third party
 * would know it: refused (RFC 7748, 6.1).
 * @throws SessionError `bad_key`
 */
export function agree(secret: Uint8Array, publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== KEY_LENGTH) throw new SessionError('bad_key');
  try {
    return x25519.getSharedSecret(secret, publicKey);
  } catch {
    throw new SessionError('bad_key');
  }
}
