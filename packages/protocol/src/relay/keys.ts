import Type, { type Static } from 'typebox';
import { MAX_PRE_KEYS } from './limits.js';
import { IdentityHash, IdentityKey, KeyId, MlKemKey, Signature, X25519Key } from './primitives.js';

/** A one-time prekey; handed out at most once, ever. */
export const PreKey = Type.Object({ id: KeyId, publicKey: X25519Key });
export type PreKey = Static<typeof PreKey>;

export const SignedPreKey = Type.Object({
  id: KeyId,
  publicKey: X25519Key,
  signature: Signature,
  pq_publicKey: MlKemKey,
  pq_signature: Signature,
});
export type SignedPreKey = Static<typeof SignedPreKey>;

/**
 * `POST /keys/upload`. Members beyond these are allowed inside the signed parts and travel with them;
 * beside them they are ignored, because nothing signs them.
 */
export const KeyUpload = Type.Object({
  identity_hash: IdentityHash,
  identityKey: IdentityKey,
  pq_identityKey: MlKemKey,
  signedPreKey: SignedPreKey,
  preKeys: Type.Array(PreKey, { maxItems: MAX_PRE_KEYS }),
  bundle_signature: Signature,
  discoverable: Type.Optional(Type.Boolean({ description: 'Counts only when signed as the fifth member.' })),
});
export type KeyUpload = Static<typeof KeyUpload>;

export const KeyUploadAnswer = Type.Object({
  status: Type.Literal('success'),
  preKeys: Type.Integer({ description: 'One-time prekeys now in stock.' }),
});

/** `GET /keys/fetch?hashes=a,b` or `?user=a` */
export const KeyFetchQuery = Type.Object({
  hashes: Type.Optional(Type.String({ maxLength: 1024 })),
  user: Type.Optional(Type.String({ maxLength: 1024 })),
});

export const KeyBundle = Type.Object({
  identity_hash: IdentityHash,
  identityKey: IdentityKey,
  pq_identityKey: MlKemKey,
  signedPreKey: SignedPreKey,
  bundle_signature: Signature,
  preKey: Type.Union([PreKey, Type.Null()]),
});
export type KeyBundle = Static<typeof KeyBundle>;

/** Unknown hashes are absent. */
export const KeyBundles = Type.Record(Type.String(), KeyBundle);
export type KeyBundles = Static<typeof KeyBundles>;

/** `GET /keys/random?count=N` */
export const RandomQuery = Type.Object({
  count: Type.Optional(Type.String({ pattern: '^([1-9]|1[0-9]|20)$' })),
});
export const RandomHashes = Type.Object({ hashes: Type.Array(IdentityHash) });
