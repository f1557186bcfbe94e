import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import type { CpuHashParams } from './params.js';

const utf8 = new TextEncoder();

/** CPU_HASH in plain TypeScript: the hash of the challenge and the nonce, both as text, with nothing between them. */
export function reference({ challenge }: CpuHashParams, nonce: string): Uint8Array {
  return sha256(concatBytes(utf8.encode(challenge), utf8.encode(nonce)));
}
