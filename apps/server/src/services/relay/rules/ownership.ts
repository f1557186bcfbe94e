import { createHash } from 'node:crypto';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { isSigned } from '../../../platform/secrets/ed25519.js';

export type Proof = { identityKey?: string | undefined; signature?: string | undefined };

/**
 * Whether the request proves the key behind `identityHash`. Null when it does; a missing or empty member
 * is a refusal like a wrong one, so that leaving something out never skips a check.
 */
export function refuseUnlessProven(identityHash: string, proof: Proof, text: string): Refusal | null {
  const { identityKey, signature } = proof;
  if (!identityKey) return refuse('ERR_FORBIDDEN', { field: 'identityKey' }, 'identityKey is required here.');
  if (!signature) return refuse('ERR_FORBIDDEN', { field: 'signature' }, 'signature is required here.');
  if (!isKeyOf(identityHash, identityKey)) {
    return refuse('ERR_FORBIDDEN', { field: 'identityKey' }, 'identityKey is not the key of this identity.');
  }
  if (!isSigned(identityKey, signature, text)) {
    return refuse('ERR_FORBIDDEN', { field: 'signature' }, 'signature does not verify.');
  }
  return null;
}

/** Whether the identity hash is the SHA-256 of this raw key. */
export function isKeyOf(identityHash: string, identityKey: string): boolean {
  return createHash('sha256').update(Buffer.from(identityKey, 'base64')).digest('hex') === identityHash;
}
