import Type, { type Static } from 'typebox';
import { UUID_PATTERN } from '../uuid.js';
import {
  AttesterId,
  EntityType,
  FieldElement,
  MerklePath,
  Numeral,
  signature,
  Time,
  TypeCode,
} from './primitives.js';

/** `POST /api/v1/attest`. An attester that keeps its own key sends its signature along. */
export const AttestRequest = Type.Object({
  entityCommitment: Numeral,
  entityType: EntityType,
  expiresAt: Type.Optional(Time),
  /** Who attests, where that is a development attester and there is no key to tell. */
  attester: Type.Optional(AttesterId),
  signatureR8X: Type.Optional(signature.signatureR8X),
  signatureR8Y: Type.Optional(signature.signatureR8Y),
  signatureS: Type.Optional(signature.signatureS),
});
export type AttestRequest = Static<typeof AttestRequest>;

/** That an attester vouches for the type of whoever knows what the commitment hides. */
export const Attestation = Type.Object({
  id: Type.String({ pattern: UUID_PATTERN }),
  entityCommitment: FieldElement,
  entityType: EntityType,
  typeCode: TypeCode,
  attesterPubKeyX: FieldElement,
  attesterPubKeyY: FieldElement,
  /** Over the hash of commitment and type. */
  signatureR8X: FieldElement,
  signatureR8Y: FieldElement,
  signatureS: FieldElement,
  attesterIndex: Type.Integer({ minimum: 0 }),
  /** The types the attester may attest, as the registry's leaf holds them; a prover needs it. */
  attesterTypeMask: Type.Integer({ minimum: 1, maximum: 0xffff }),
  createdAt: Time,
  expiresAt: Type.Optional(Time),
});
export type Attestation = Static<typeof Attestation>;

export const AttestAnswer = Type.Object({
  attestation: Attestation,
  merkleProof: MerklePath,
  registryRoot: FieldElement,
  development: Type.Optional(
    Type.Literal(true, { description: 'By a development attester: worth nothing outside.' }),
  ),
});
export type AttestAnswer = Static<typeof AttestAnswer>;
