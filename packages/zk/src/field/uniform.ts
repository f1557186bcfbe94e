import { bytesToNumberBE } from '@noble/curves/utils.js';
import { SCALAR_MODULUS } from './modulus.js';

/** Bytes that make one scalar: 130 bits more than the modulus has, so that reducing them favours no value. */
export const UNIFORM_BYTES = 48;

/** The scalar of `UNIFORM_BYTES` uniform bytes, big-endian: uniform up to 2^-128. Throws for another length. */
export function uniformScalar(bytes: Uint8Array): bigint {
  if (bytes.length !== UNIFORM_BYTES) throw new RangeError(`a scalar takes ${UNIFORM_BYTES} bytes`);
  return bytesToNumberBE(bytes) % SCALAR_MODULUS;
}

/** A scalar from the system's generator. */
export function randomScalar(): bigint {
  return uniformScalar(crypto.getRandomValues(new Uint8Array(UNIFORM_BYTES)));
}
