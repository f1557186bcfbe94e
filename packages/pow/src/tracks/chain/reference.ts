import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { ChainParams } from './params.js';

const utf8 = new TextEncoder();

/**
 * CHAIN in plain TypeScript, which the kernels are tested against: the first hash is that of challenge, seed and
 * nonce with nothing between them, each further one that of the 32 bytes before; `steps` hashes in all. The seed is
 * hexadecimal for its bytes, challenge and nonce are hashed as text.
 */
export function reference({ challenge, seed, steps }: ChainParams, nonce: string): Uint8Array {
  let x = sha256(concatBytes(utf8.encode(challenge), hexToBytes(seed), utf8.encode(nonce)));
  for (let step = 1; step < steps; step++) x = sha256(x);
  return x;
}
