import Type, { type Static } from 'typebox';
import { LOW_STOCK, MAX_ALGORITHM, MAX_UPLOADED_PREKEYS } from './limits.js';
import { Bytes, KeyId, Meta, nullable, optional, Time, Uuid } from './primitives.js';

/** A prekey that serves one session, or the one that serves when those are gone. */
export const PreKey = Type.Object({ keyId: KeyId, publicKey: Bytes });
export type PreKey = Static<typeof PreKey>;

/** `POST /keys/upload` */
export const KeyUpload = Type.Object({
  algorithm: optional(Type.String({ minLength: 1, maxLength: MAX_ALGORITHM })),
  identityKey: Bytes,
  signedPreKeyId: KeyId,
  signedPreKey: Bytes,
  signedPreKeySignature: Bytes,
  signedPreKeyExpiresAt: optional(Time),
  oneTimePreKeys: optional(Type.Array(PreKey, { maxItems: MAX_UPLOADED_PREKEYS })),
  lastResortPreKey: optional(PreKey),
  pqPreKeyId: optional(KeyId),
  pqPreKey: optional(Bytes),
  pqPreKeySignature: optional(Bytes),
  meta: optional(Meta),
});
export type KeyUpload = Static<typeof KeyUpload>;

const published = {
  accountId: Uuid,
  algorithm: Type.String(),
  identityKey: Bytes,
  signedPreKeyId: KeyId,
  signedPreKey: Bytes,
  signedPreKeySignature: Bytes,
  signedPreKeyExpiresAt: nullable(Time),
  lastResortPreKey: nullable(PreKey),
  pqPreKeyId: nullable(KeyId),
  pqPreKey: nullable(Bytes),
  pqPreKeySignature: nullable(Bytes),
  meta: nullable(Meta),
  /** Whether the signature over the raw signed prekey holds under the identity key. */
  verified: Type.Boolean(),
};

/** What an upload answers: everything that is kept, without the one-time prekeys themselves. */
export const Bundle = Type.Object({
  id: Uuid,
  ...published,
  createdAt: Time,
  updatedAt: Time,
  /** New ones of this upload. */
  oneTimePreKeysStored: Type.Integer({ minimum: 0 }),
  /** All that are left to hand out. */
  oneTimePreKeysRemaining: Type.Integer({ minimum: 0 }),
});
export type Bundle = Static<typeof Bundle>;

/** What others see, `GET /keys/me` included: there and where none is left, `oneTimePreKey` is null. */
export const PublicBundle = Type.Object({ ...published, oneTimePreKey: nullable(PreKey) });
export type PublicBundle = Static<typeof PublicBundle>;

/** `GET /keys/{accountId}/bundle`; without the parameter a one-time prekey is taken. */
export const BundleQuery = Type.Object({
  consumeOneTimePreKey: Type.Optional(Type.String({ pattern: '^([Tt]rue|[Ff]alse)$' })),
});
export type BundleQuery = Static<typeof BundleQuery>;

/** `GET /keys/status` */
export const KeyStatus = Type.Object({
  oneTimePreKeys: Type.Integer({ minimum: 0 }),
  low: Type.Boolean({ description: `Fewer than ${LOW_STOCK} are left.` }),
});
export type KeyStatus = Static<typeof KeyStatus>;
