import Type, { type Static } from 'typebox';
import { UUID_PATTERN } from '../uuid.js';
import { MAX_ATTESTER_NAME, MAX_CONTACT } from './limits.js';
import { AttesterId, EntityType, FieldElement, Numeral, signature } from './primitives.js';
import { NewAttester } from './registry.js';

/**
 * `POST /api/v1/admin/attesters`. With a public key the attester keeps its private key to itself and proves that it
 * has it; without one, the server makes a key and keeps it sealed.
 */
export const RegisterAttester = Type.Object({
  id: AttesterId,
  name: Type.String({ minLength: 1, maxLength: MAX_ATTESTER_NAME }),
  allowedTypes: Type.Array(EntityType, { minItems: 1, maxItems: 16 }),
  contact: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_CONTACT })),
  publicKeyX: Type.Optional(Numeral),
  publicKeyY: Type.Optional(Numeral),
  /** Over the hash of both coordinates and of `blindpost-attester:` with the id as a context. */
  proofOfPossession: Type.Optional(Type.Object(signature)),
  development: Type.Optional(Type.Boolean()),
});
export type RegisterAttester = Static<typeof RegisterAttester>;

export const RegisterAttesterAnswer = Type.Object({
  attester: NewAttester,
  apiKey: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  registryRoot: FieldElement,
  warning: Type.String(),
});
export type RegisterAttesterAnswer = Static<typeof RegisterAttesterAnswer>;

/** `GET /api/v1/admin/attesters/{id}`: what the public list leaves out. */
export const AttesterContact = Type.Object({
  id: AttesterId,
  contact: Type.Union([Type.String(), Type.Null()]),
  /** Whether the server signs for it. */
  serverHeldKey: Type.Boolean(),
});
export type AttesterContact = Static<typeof AttesterContact>;

/** `DELETE /api/v1/admin/attesters/{id}` */
export const RevokeAttesterAnswer = Type.Object({
  revoked: Type.Literal(true),
  attesterId: AttesterId,
  registryRoot: FieldElement,
});
export type RevokeAttesterAnswer = Static<typeof RevokeAttesterAnswer>;

/** `DELETE /api/v1/admin/attestations/{id}` */
export const RevokeAttestationAnswer = Type.Object({
  revoked: Type.Literal(true),
  attestationId: Type.String({ pattern: UUID_PATTERN }),
});
export type RevokeAttestationAnswer = Static<typeof RevokeAttestationAnswer>;
