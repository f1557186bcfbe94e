import Type, { type Static, type TSchema } from 'typebox';
import { UUID_PATTERN } from '../uuid.js';

/** 8-4-4-4-12 hex digits of any version; answered in lower case. */
export const Uuid = Type.String({ pattern: UUID_PATTERN, description: 'A UUID.' });

/** Bytes on the wire: standard Base64 with padding. Sizes are of the bytes, so the route looks at them. */
export const Bytes = Type.String({ contentEncoding: 'base64', description: 'Bytes in standard Base64.' });

/** A point in time: RFC 3339 with an offset; answered in UTC with milliseconds. */
export const Time = Type.String({ format: 'date-time', description: 'ISO-8601 with an offset.' });

export const KeyId = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });

/** What a client attaches and the server never reads: any object, comes back as it was. */
export const Meta = Type.Record(Type.String(), Type.Unknown(), {
  description: 'Comes back verbatim; the server does not read it, and whoever sees the entity sees it.',
});

/** A member that may be null; in a request it may also be left out. */
export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
export const optional = <S extends TSchema>(schema: S) => Type.Optional(nullable(schema));

/** What a ciphertext is for. */
export const ENVELOPE_TYPE = {
  pairwiseMessage: 0,
  senderKeyDistribution: 1,
  senderKeyMessage: 2,
  control: 3,
} as const;
export const EnvelopeType = Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2), Type.Literal(3)]);
export type EnvelopeType = Static<typeof EnvelopeType>;

/** How far an envelope has come. It only moves forward; 3 is reserved. */
export const DELIVERY_STATUS = { pending: 0, delivered: 1, acknowledged: 2, failed: 3 } as const;
export const DeliveryStatus = Type.Union([
  Type.Literal(0),
  Type.Literal(1),
  Type.Literal(2),
  Type.Literal(3),
]);
export type DeliveryStatus = Static<typeof DeliveryStatus>;
