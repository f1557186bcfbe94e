import Type, { type Static } from 'typebox';
import { IdentityHash, IdentityKey, Nickname, Signature } from './primitives.js';

/** `POST /nickname/register`; an owned identity must sign, an unsigned claim yields to a signed one. */
export const NicknameClaim = Type.Object({
  nickname: Nickname,
  identity_hash: IdentityHash,
  identityKey: Type.Optional(IdentityKey),
  signature: Type.Optional(Signature),
});
export type NicknameClaim = Static<typeof NicknameClaim>;

export const NicknameClaimed = Type.Object({ status: Type.Literal('success'), nickname: Nickname });

/** `GET /nickname/lookup?nick=a` or `?name=a,b` */
export const NicknameQuery = Type.Object({
  nick: Type.Optional(Type.String({ maxLength: 400 })),
  name: Type.Optional(Type.String({ maxLength: 400 })),
});
export const NicknameEntry = Type.Object({ nickname: Nickname, identity_hash: IdentityHash });
export type NicknameEntry = Static<typeof NicknameEntry>;
/** Several names: a map from the name as asked to its entry; unknown names are absent. */
export const NicknameEntries = Type.Record(Type.String(), NicknameEntry);
