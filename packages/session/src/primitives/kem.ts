import { ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { SessionError } from '../error.js';
import type { Random } from './random.js';

/** Lengths of ML-KEM-1024 (FIPS 203, table 3). A secret is kept as the seed it is made from. */
export const KEM_SEED = 64;
export const KEM_KEY = 1568;
export const KEM_CIPHERTEXT = 1568;

export interface Encapsulation {
  readonly ciphertext: Uint8Array;
  readonly secret: Uint8Array;
}

export function kemPublicKey(seed: Uint8Array): Uint8Array {
  return ml_kem1024.keygen(seed).publicKey;
}

/** @throws SessionError `bad_key` when it is no encapsulation key (FIPS 203, 7.2) */
export function encapsulate(publicKey: Uint8Array, random: Random): Encapsulation {
  const message = random(32);
  try {
    const { cipherText, sharedSecret } = ml_kem1024.encapsulate(publicKey, message);
    return { ciphertext: cipherText, secret: sharedSecret };
  } catch {
    throw new SessionError('bad_key');
  }
}

/** A ciphertext that was tampered with gives another secret and no error (implicit rejection). */
export function decapsulate(seed: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return ml_kem1024.decapsulate(ciphertext, ml_kem1024.keygen(seed).secretKey);
}
