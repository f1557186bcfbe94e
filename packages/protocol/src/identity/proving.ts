import Type, { type Static } from 'typebox';
import { REGISTRY_DEPTH } from './limits.js';
import { Context, EntityType, FieldElement, TypeCode } from './primitives.js';
import { Groth16Proof } from './verification.js';

const Url = Type.String({ format: 'uri' });

/** `GET /api/v1/proving/assets` */
export const ProvingAssets = Type.Object({
  circuit: Type.String({ description: 'Name of the circuit: entity_type_proof.' }),
  assets: Type.Object({
    wasm: Url,
    zkey: Url,
    verificationKey: Url,
    /** SHA-256 of each of them. */
    manifest: Url,
  }),
  merkleDepth: Type.Literal(REGISTRY_DEPTH),
  circuitHash: Type.String({ description: 'Of the constraints, as snarkjs prints its first line.' }),
  /** Whether keys come of a ceremony that nobody should rely on. */
  development: Type.Boolean(),
});
export type ProvingAssets = Static<typeof ProvingAssets>;

/** `POST /api/v1/prove`; not in production. */
export const ProveRequest = Type.Object({
  entityType: EntityType,
  entitySecret: Type.Optional(
    Type.String({
      pattern: '^(0x)?[0-9a-fA-F]{1,128}$',
      description: 'Hex; without it, a new one is drawn.',
    }),
  ),
  context: Context,
});
export type ProveRequest = Static<typeof ProveRequest>;

export const ProveAnswer = Type.Object({
  success: Type.Literal(true),
  proof: Groth16Proof,
  publicSignals: Type.Array(FieldElement),
  entityType: EntityType,
  typeCode: TypeCode,
  commitment: FieldElement,
  contextId: FieldElement,
});
export type ProveAnswer = Static<typeof ProveAnswer>;
