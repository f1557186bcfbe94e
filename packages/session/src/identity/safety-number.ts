import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { agreementKeyOf } from '../primitives/ed25519.js';

const LABEL = utf8ToBytes('Blindpost safety number v1');
/** Iterations make a search for a key with the same digits dear: about 112 bits instead of 99.6. */
const ITERATIONS = 5_200;
const GROUPS = 6;
const GROUP_BYTES = 5;

/**
 * 60 digits for two people to compare, in either order of the keys: 30 of each identity key, the lesser half first.
 * @throws SessionError `bad_key` when one of them is no Ed25519 key
 */
export function safetyNumber(a: Uint8Array, b: Uint8Array): string {
  return [half(a), half(b)].sort().join('');
}

function half(identityKey: Uint8Array): string {
  agreementKeyOf(identityKey);
  let hash = sha512(concatBytes(LABEL, identityKey));
  for (let n = 1; n < ITERATIONS; n++) hash = sha512(concatBytes(hash, identityKey));
  return Array.from({ length: GROUPS }, (_, group) => digits(hash, group * GROUP_BYTES)).join('');
}

function digits(hash: Uint8Array, at: number): string {
  const value = hash.slice(at, at + GROUP_BYTES).reduce((sum, byte) => sum * 256 + byte, 0);
  return String(value % 100_000).padStart(5, '0');
}
