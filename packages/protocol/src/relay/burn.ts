import Type, { type Static } from 'typebox';
import { IdentityHash, IdentityKey, Signature } from './primitives.js';

/** `POST /account/burn` */
export const Burn = Type.Object({
  identity_hash: IdentityHash,
  identityKey: IdentityKey,
  signature: Signature,
});
export type Burn = Static<typeof Burn>;
export const Burned = Type.Object({ status: Type.Literal('account_purged') });
