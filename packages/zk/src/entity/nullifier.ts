import { poseidon3 } from 'poseidon-lite/poseidon3';

/** Keeps a nullifier apart from every other hash of a secret. */
const TAG = 1n;

/**
 * P3(secret, contextId, 1): one entity has one nullifier in a context, and without the secret those of two contexts
 * cannot be told to be of one entity.
 */
export function nullifierOf(secret: bigint, contextId: bigint): bigint {
  return poseidon3([secret, contextId, TAG]);
}
