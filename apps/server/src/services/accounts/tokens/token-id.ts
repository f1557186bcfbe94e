import { createHash } from 'node:crypto';

const ID_BYTES = 16;

/**
 * What a token is revoked under: the digest of what its signature covers. The signature itself has several
 * spellings that all verify, and so a token has several texts.
 */
export function tokenIdOf(token: string): string {
  const signed = token.slice(0, token.lastIndexOf('.'));
  return createHash('sha256').update(signed).digest().subarray(0, ID_BYTES).toString('hex');
}

/** The id as it is stored. */
export function tokenIdBytes(tokenId: string): Uint8Array {
  return Uint8Array.from(Buffer.from(tokenId, 'hex'));
}
