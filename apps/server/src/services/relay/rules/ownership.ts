import { createHash, createPublicKey, verify } from 'node:crypto';
import { type Refusal, refuse } from '@blindpost/protocol/errors';

/** RFC 8410: the DER prefix that makes 32 raw bytes an Ed25519 SubjectPublicKeyInfo. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

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

/** Ed25519 over the UTF-8 of `text` (RFC 8032). */
export function isSigned(identityKey: string, signature: string, text: string): boolean {
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(identityKey, 'base64')]);
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    // 32 bytes that encode no point of the curve.
    return false;
  }
}
