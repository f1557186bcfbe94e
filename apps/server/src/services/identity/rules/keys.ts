import { createHash } from 'node:crypto';
import { fieldBytes } from './field-bytes.js';

/**
 * What is recorded of a nullifier: SHA-256 over domain, context and nullifier. Both numbers are of one length, so that
 * no two triples read the same. Not keyed by a secret: with another one every nullifier would be new.
 * @param domain canonical, see {@link domainOf}
 */
export function nullifierKey(domain: string, contextId: bigint, nullifier: bigint): Uint8Array {
  const hash = createHash('sha256')
    .update(fieldBytes(contextId))
    .update(fieldBytes(nullifier))
    .update(domain);
  return Uint8Array.from(hash.digest());
}

/** What an attestation is found by: the commitment and the type it vouches for. */
export function claimKey(commitment: bigint, typeCode: number): Uint8Array {
  return Uint8Array.from([...fieldBytes(commitment), typeCode >> 8, typeCode & 0xff]);
}

/** A domain in one spelling: without regard to case, and without the dot that ends an absolute name. */
export function domainOf(domain: string | undefined): string {
  return (domain ?? '').toLowerCase().replace(/\.$/, '');
}
