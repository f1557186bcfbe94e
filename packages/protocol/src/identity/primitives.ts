import Type, { type Static } from 'typebox';
import { MAX_ATTESTER_ID, MAX_CONTEXT, MAX_DOMAIN } from './limits.js';

/** A number of the field as it is answered: decimal, below the order of BN254's groups, in the one spelling there is. */
export const FieldElement = Type.String({
  pattern: '^(0|[1-9][0-9]{0,76})$',
  description: 'A number of the BN254 scalar field, decimal.',
});

/** A number of a field as it may be sent. Its value is looked at by the command, which names what is wrong with it. */
export const Numeral = Type.String({
  maxLength: 80,
  description: 'A number, decimal without leading zeros, or hex after `0x`.',
});

/** Two letters of a category and two of a kind; `GET /api/v1/types` lists them. */
export const EntityType = Type.String({ description: 'Code of an entity type, for instance `AI.CA`.' });

export const TypeCode = Type.Integer({ minimum: 0, maximum: 0xffff, description: 'The type as a number.' });

export const Category = Type.Union([
  Type.Literal('AI'),
  Type.Literal('AR'),
  Type.Literal('HU'),
  Type.Literal('HY'),
]);
export type Category = Static<typeof Category>;

/** What a nullifier is good for once: a decimal number of the field as it is, any other text by its hash. */
export const Context = Type.String({
  minLength: 1,
  maxLength: MAX_CONTEXT,
  // Half a surrogate pair has no UTF-8: all such texts would be hashed as one, and be one context.
  pattern: '^\\P{Cs}*$',
  description: 'A decimal number of the field, or any text that is well-formed Unicode.',
});

/** Whose contexts are meant; without regard to case. Labels between dots, none of them empty. */
export const Domain = Type.String({
  minLength: 1,
  maxLength: MAX_DOMAIN,
  pattern: '^[\\x21-\\x2d\\x2f-\\x7e]+(\\.[\\x21-\\x2d\\x2f-\\x7e]+)*\\.?$',
  description: 'Name space of nullifiers, for instance the host that asks.',
});

const ATTESTER_ID = `^[a-z0-9]([a-z0-9._-]{0,${MAX_ATTESTER_ID - 2}}[a-z0-9])?$`;
export const AttesterId = Type.String({
  pattern: ATTESTER_ID,
  description: 'Lower-case letters, digits, dots, dashes, underscores.',
});

/** Whether somebody can have this id; what is in a path may be anything. */
export function isAttesterId(text: string): boolean {
  return new RegExp(ATTESTER_ID).test(text);
}

/** A point in time: RFC 3339 with an offset; answered in UTC with milliseconds. */
export const Time = Type.String({ format: 'date-time', description: 'ISO-8601 with an offset.' });

/** An EdDSA-Poseidon signature on Baby Jubjub. */
export const signature = {
  signatureR8X: Numeral,
  signatureR8Y: Numeral,
  signatureS: Numeral,
};

/** Where a leaf stands: its neighbours from the leaf upwards, and 1 where our node is the right child. */
export const MerklePath = Type.Object({
  pathElements: Type.Array(FieldElement),
  pathIndices: Type.Array(Type.Union([Type.Literal(0), Type.Literal(1)])),
});
export type MerklePath = Static<typeof MerklePath>;

/** A page of a growing list. */
export const page = (what: string, largest: number) => ({
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: `The last ${what} seen.` })),
  take: Type.Optional(
    Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: `From 1 to ${largest}; more is ${largest}.` }),
  ),
});
