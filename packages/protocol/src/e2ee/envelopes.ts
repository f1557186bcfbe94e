import Type, { type Static } from 'typebox';
import { MAX_ACK_IDS, MAX_CLIENT_MESSAGE_ID, MAX_GROUP_ID, MAX_ITEMS, MAX_SESSION_ID } from './limits.js';
import { Bytes, DeliveryStatus, EnvelopeType, Meta, nullable, optional, Time, Uuid } from './primitives.js';

const ClientMessageId = Type.String({ maxLength: MAX_CLIENT_MESSAGE_ID });

/** `POST /messages`. Without a type it is a pairwise message; an empty `clientMessageId` counts as none. */
export const Send = Type.Object({
  recipientId: Uuid,
  sessionId: optional(Type.String({ maxLength: MAX_SESSION_ID })),
  type: Type.Optional(EnvelopeType),
  groupId: optional(Type.String({ maxLength: MAX_GROUP_ID })),
  clientMessageId: optional(ClientMessageId),
  ciphertext: Bytes,
  header: optional(Bytes),
  signature: optional(Bytes),
  expiresAt: optional(Time),
  meta: optional(Meta),
});
export type Send = Static<typeof Send>;

const carried = {
  id: Uuid,
  senderId: Uuid,
  recipientId: Uuid,
  sessionId: nullable(Type.String()),
  type: EnvelopeType,
  groupId: nullable(Type.String()),
  clientMessageId: nullable(Type.String()),
  /** Of the recipient's queue: from 1, without a gap. */
  sequence: Type.Integer({ minimum: 1 }),
  ciphertext: Bytes,
  header: nullable(Bytes),
  signature: nullable(Bytes),
};

/** One envelope, whole. To its sender it always shows status 0 and null times. */
export const Envelope = Type.Object({
  ...carried,
  deliveryStatus: DeliveryStatus,
  deliveredAt: nullable(Time),
  ackedAt: nullable(Time),
  expiresAt: nullable(Time),
  meta: nullable(Meta),
  createdAt: Time,
});
export type Envelope = Static<typeof Envelope>;

/** The members of an envelope that a socket is pushed. */
export const PushedEnvelope = Type.Object({ ...carried, meta: nullable(Meta), createdAt: Time });
export type PushedEnvelope = Static<typeof PushedEnvelope>;

/** `GET /messages/pending`. `take` is clamped to 1…500; `after` is the last sequence that was seen. */
export const PendingQuery = Type.Object({
  take: Type.Optional(Type.String({ pattern: '^-?[0-9]{1,15}$' })),
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
});
export type PendingQuery = Static<typeof PendingQuery>;
export const Pending = Type.Array(Envelope);

/** `POST /messages/ack`: exactly one of the two. Ids of others are passed over. */
export const Ack = Type.Object({
  ids: Type.Optional(Type.Array(Uuid, { maxItems: MAX_ACK_IDS })),
  /** Every envelope up to and including this sequence. */
  upTo: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
});
export type Ack = Static<typeof Ack>;
/** How many were acknowledged by this request. */
export const AckAnswer = Type.Object({ acknowledged: Type.Integer({ minimum: 0 }) });
export type AckAnswer = Static<typeof AckAnswer>;

/** `POST /groups/sender-key/distribute`: one envelope of type 1 for each item, all or none. */
export const Distribute = Type.Object({
  groupId: Type.String({ minLength: 1, maxLength: MAX_GROUP_ID }),
  expiresAt: optional(Time),
  items: Type.Array(
    Type.Object({
      recipientId: Uuid,
      ciphertext: Bytes,
      header: optional(Bytes),
      signature: optional(Bytes),
      clientMessageId: optional(ClientMessageId),
      meta: optional(Meta),
    }),
    { minItems: 1, maxItems: MAX_ITEMS },
  ),
});
export type Distribute = Static<typeof Distribute>;
/** Items that are stored, by this request or, repeated, by an earlier one. */
export const DistributeAnswer = Type.Object({ sent: Type.Integer({ minimum: 0 }) });
export type DistributeAnswer = Static<typeof DistributeAnswer>;
