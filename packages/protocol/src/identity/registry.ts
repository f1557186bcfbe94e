import Type, { type Static } from 'typebox';
import { MAX_PAGE } from './limits.js';
import { AttesterId, EntityType, FieldElement, MerklePath, page, Time } from './primitives.js';

const Index = Type.Integer({ minimum: 0, description: 'Place in the registry; it never moves.' });

/** `GET /api/v1/registry` */
export const RegistryState = Type.Object({
  root: FieldElement,
  attestersCount: Type.Integer({ minimum: 0 }),
  updatedAt: Time,
});
export type RegistryState = Static<typeof RegistryState>;

const attester = {
  id: AttesterId,
  name: Type.String(),
  publicKeyX: FieldElement,
  publicKeyY: FieldElement,
  index: Index,
  types: Type.Array(EntityType, { description: 'What it may attest; the circuit holds it to that.' }),
};

/** An attester as its registration answers it. */
export const NewAttester = Type.Object({
  ...attester,
  development: Type.Optional(
    Type.Boolean({ description: 'Attests without a key; there is none in production.' }),
  ),
});

/** An approved attester. */
export const Attester = Type.Object({ ...NewAttester.properties, createdAt: Time });
export type Attester = Static<typeof Attester>;

/** `GET /api/v1/registry/attesters`; `X-Has-More: true` when there are more behind the last one. */
export const AttestersQuery = Type.Object(page('index', MAX_PAGE));
export const Attesters = Type.Object({ attesters: Type.Array(Attester) });
export type Attesters = Static<typeof Attesters>;

/** `GET /api/v1/registry/attesters/{id}/proof` */
export const AttesterProof = Type.Object({
  attesterId: AttesterId,
  index: Index,
  leaf: FieldElement,
  ...MerklePath.properties,
  /** The root this path leads to. */
  root: FieldElement,
});
export type AttesterProof = Static<typeof AttesterProof>;

/** `GET /api/v1/registry/leaves`: all of them make the tree, so that a prover need not say which one is its own. */
export const LeavesQuery = Type.Object(page('index', MAX_PAGE));
export const Leaves = Type.Object({
  leaves: Type.Array(Type.Object({ index: Index, leaf: FieldElement })),
  size: Type.Integer({
    minimum: 0,
    description: 'Leaves there are, those of revoked attesters (0) included.',
  }),
  root: FieldElement,
});
export type Leaves = Static<typeof Leaves>;

/** `GET /api/v1/registry/roots`: those that proofs may stand on now, the current one first. */
export const Roots = Type.Object({
  roots: Type.Array(
    Type.Object({
      root: FieldElement,
      since: Time,
      /** Null for the current one. A revocation may end it sooner. */
      validUntil: Type.Union([Time, Type.Null()]),
    }),
  ),
});
export type Roots = Static<typeof Roots>;
