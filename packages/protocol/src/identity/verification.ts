import Type, { type Static } from 'typebox';
import { MAX_BATCH, PUBLIC_SIGNALS } from './limits.js';
import { Category, Context, Domain, EntityType, FieldElement, Numeral, TypeCode } from './primitives.js';

const three = { minItems: 3, maxItems: 3 };
const two = { minItems: 2, maxItems: 2 };

/** A Groth16 proof over BN254, as snarkjs writes it: projective points. */
export const Groth16Proof = Type.Object({
  pi_a: Type.Array(Numeral, three),
  pi_b: Type.Array(Type.Array(Numeral, two), three),
  pi_c: Type.Array(Numeral, three),
  protocol: Type.Literal('groth16'),
  curve: Type.Optional(Type.Literal('bn128')),
});
export type Groth16Proof = Static<typeof Groth16Proof>;

/** `[nullifier, entityCommitment, claimedType, attestersRoot, contextId]` */
export const PublicSignals = Type.Array(Numeral, { minItems: PUBLIC_SIGNALS, maxItems: PUBLIC_SIGNALS });
export type PublicSignals = Static<typeof PublicSignals>;

const claim = { proof: Groth16Proof, publicSignals: PublicSignals };

/** A proof and what it says. */
export const Claim = Type.Object(claim);
export type Claim = Static<typeof Claim>;

/**
 * What a proof must say beside being valid. A member that is not known is refused: misspelt, it would be a check
 * that is not made.
 */
export const Expectation = Type.Object(
  {
    entityType: Type.Optional(EntityType),
    category: Type.Optional(Category),
    contextId: Type.Optional(Context),
    maxAgeMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Reads the context as a time: 10 digits of seconds, or 13 of milliseconds.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type Expectation = Static<typeof Expectation>;

/** `POST /api/v1/verify` */
export const VerifyRequest = Type.Object({
  ...claim,
  domain: Type.Optional(Domain),
  expect: Type.Optional(Expectation),
  consume: Type.Optional(Type.Boolean({ description: 'Records the nullifier, in the same step.' })),
});
export type VerifyRequest = Static<typeof VerifyRequest>;

/** What a proof that holds says. Those that do not are answered as an error with `valid: false`. */
export const Verified = Type.Object({
  valid: Type.Literal(true),
  entityType: EntityType,
  entityTypeName: Type.String(),
  phoneticName: Type.String(),
  typeCode: TypeCode,
  entityCommitment: FieldElement,
  nullifier: FieldElement,
  contextId: FieldElement,
  registryRootValid: Type.Literal(true),
  /** Whether it had been recorded before, for this domain and context. */
  nullifierStatus: Type.Union([Type.Literal('new'), Type.Literal('used')]),
  /** Whether it has been recorded now. */
  recorded: Type.Boolean(),
});
export type Verified = Static<typeof Verified>;

/** A proof that does not hold. */
export const Rejected = Type.Object({
  valid: Type.Literal(false),
  error: Type.String(),
  message: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type Rejected = Static<typeof Rejected>;

// What a client may think is heeded would be a check that is not made: it is refused.
const unheeded = Type.Optional(Type.Never());

/** `POST /api/v1/verify/batch`: domain and expectations are the same for all, and nothing is recorded. */
export const VerifyBatchRequest = Type.Object({
  proofs: Type.Array(Type.Object({ ...claim, domain: unheeded, expect: unheeded, consume: unheeded }), {
    minItems: 1,
    maxItems: MAX_BATCH,
  }),
  domain: Type.Optional(Domain),
  expect: Type.Optional(Expectation),
  consume: Type.Optional(Type.Literal(false)),
});
export type VerifyBatchRequest = Static<typeof VerifyBatchRequest>;
export const VerifyBatchAnswer = Type.Object({ results: Type.Array(Type.Union([Verified, Rejected])) });
export type VerifyBatchAnswer = Static<typeof VerifyBatchAnswer>;

/** `POST /api/v1/verify/record`: with the proof, or by whoever had it verified within ten minutes. */
export const RecordRequest = Type.Object({
  nullifier: Numeral,
  contextId: Context,
  domain: Type.Optional(Domain),
  proof: Type.Optional(Groth16Proof),
  publicSignals: Type.Optional(PublicSignals),
});
export type RecordRequest = Static<typeof RecordRequest>;
export const RecordAnswer = Type.Object({ recorded: Type.Literal(true), nullifier: FieldElement });
export type RecordAnswer = Static<typeof RecordAnswer>;
