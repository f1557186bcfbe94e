import type { AttestAnswer, Expectation, Rejected, Verified } from '@blindpost/protocol/identity';
import type { EntityTypeCode } from '@blindpost/zk/entity-types';

export type { Expectation, Rejected, Verified };

/**
 * What an attester vouches for, with the attester's path to the registry's root: plain JSON, to be kept. It is no
 * secret, but it tells which attester it was, which a proof does not.
 */
export type Attested = AttestAnswer;

/** The points of a Groth16 proof over BN254, as snarkjs writes them: projective, decimal or hex after `0x`. */
export interface ProofPoints {
  pi_a: string[];
  pi_b: string[][];
  pi_c: string[];
  /** `groth16` */
  protocol: string;
  /** `bn128` */
  curve?: string;
}

/** A proof with its public signals, `[nullifier, entityCommitment, claimedType, attestersRoot, contextId]`. */
export interface Claim {
  proof: ProofPoints;
  publicSignals: string[];
}

/** A proof as it is made here, plain JSON. Only `proof` and `publicSignals` prove anything; the rest is their label. */
export interface EntityProof extends Claim {
  entityType: EntityTypeCode;
  /** The context as a number of the field. */
  contextId: string;
  /** By an attester for development: worth nothing outside. */
  development?: true;
}

/** What a proof must say, and whether that uses it up. */
export interface VerifyOptions {
  /** Name space of nullifiers, such as the host that asks; without regard to case. */
  domain?: string | undefined;
  expect?: Expectation | undefined;
  /** Records the nullifier in the same step: the proof is accepted once for its domain and context. */
  consume?: boolean | undefined;
  signal?: AbortSignal | undefined;
}
