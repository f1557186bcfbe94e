import Type, { type Static } from 'typebox';
import { base64 } from '../base64.js';
import { MAX_CLIENT_ID } from './limits.js';

/** SHA-256 of the raw Ed25519 identity key, lower-case hex. */
export const IdentityHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the raw identity key, lower-case hex.',
});
/** Where a message may go: an identity hash, or an alias somebody subscribed. */
export const Address = Type.String({
  pattern: '^[A-Za-z0-9_.:-]{1,128}$',
  description: 'An identity hash or an alias.',
});
export const Seed = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Seed of the challenge.' });
export const Nonce = Type.String({ pattern: '^[0-9]{1,32}$', description: 'Nonce that solves it, decimal.' });
export const IdentityKey = base64(32, 'Ed25519 identity key');
export const X25519Key = base64(32, 'X25519 key');
export const MlKemKey = base64(1568, 'ML-KEM-1024 key');
export const Signature = base64(64, 'Ed25519 signature');
export const Nickname = Type.String({
  pattern: '^[A-Za-z0-9_-]{3,32}$',
  description: 'Compared case-folded.',
});
/** Id of a message in a mailbox, made by the server: 16 bytes, lower-case hex. */
export const MessageId = Type.String({ pattern: '^[0-9a-f]{32}$' });
/** Id a client gives its own message; comes back in `delivery_status`. */
export const ClientId = Type.Union([
  Type.String({ minLength: 1, maxLength: MAX_CLIENT_ID }),
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
]);
export type ClientId = Static<typeof ClientId>;
export const KeyId = Type.Integer({ minimum: 0, maximum: 4294967295 });
