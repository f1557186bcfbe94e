import { entityTypeByNumber } from '@blindpost/zk/entity-types';
import { parseNumber, SCALAR_MODULUS } from '@blindpost/zk/field';
import { entitySignals } from '@blindpost/zk/proof';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type CryptoKey, type JWK, SignJWT } from 'jose';
import type { Claim } from '../types.js';
import type { VerifiedEntity } from './verified-entity.js';

/** The claims of a token for an entity that was verified. */
export type EntityClaims = {
  /** SHA-256 of the commitment's decimal digits, hex: stable, as the commitment is. */
  sub: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
  entity_type: string;
  entity_phonetic: string;
  /** For those who want to verify for themselves. It is used up here, and may be good elsewhere: keep tokens secret. */
  entity_proof: { proof: Claim['proof']; signals: string[]; verified_at: number };
};

export interface TokenOptions {
  /** The integrator's own: a private key, or a secret of its own service. */
  key: CryptoKey | Uint8Array | JWK;
  /** Of JWS (RFC 7518), such as `EdDSA`, `ES256` or `HS256`. */
  alg: string;
  /** Default: an hour. */
  lifetimeSeconds?: number | undefined;
  issuer?: string | undefined;
  audience?: string | undefined;
}

const LIFETIME_S = 3_600;

/**
 * The claims for an entity that `entityProof` let through. The type is that of the proof: whatever else was said of
 * it on the way is not looked at. Throws a RangeError when there is no such type.
 */
export function entityClaims(entity: VerifiedEntity, lifetimeSeconds = LIFETIME_S): EntityClaims {
  const { proof, publicSignals, verifiedAt } = entity;
  const read = publicSignals.map((text) => parseNumber(text, SCALAR_MODULUS));
  const { claimedType, entityCommitment } = entitySignals(read.filter((value) => value !== undefined));
  const type = entityTypeByNumber(claimedType);
  if (type === undefined) throw new RangeError('the proof is of no entity type');
  return {
    sub: bytesToHex(sha256(utf8ToBytes(entityCommitment.toString()))),
    iat: verifiedAt,
    exp: verifiedAt + lifetimeSeconds,
    entity_type: type.code,
    entity_phonetic: type.phonetic,
    entity_proof: { proof, signals: publicSignals, verified_at: verifiedAt },
  };
}

/** A signed token (JWT, RFC 7519) with the claims for an entity that `entityProof` let through. */
export function entityToken(entity: VerifiedEntity, options: TokenOptions): Promise<string> {
  const { key, alg, lifetimeSeconds, issuer, audience } = options;
  const token = new SignJWT(entityClaims(entity, lifetimeSeconds)).setProtectedHeader({ alg, typ: 'JWT' });
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(key);
}
