import Type, { type Static } from 'typebox';
import { IdentityHash, Nickname, Nonce, Seed } from './primitives.js';

/** What a seed is bought for; the price depends on it. No type means `upload`. */
export const ChallengeType = Type.Union([
  Type.Literal('registration'),
  Type.Literal('upload'),
  Type.Literal('decoy'),
  Type.Literal('auth'),
  Type.Literal('burn'),
  Type.Literal('alias'),
  Type.Literal('relay'),
  Type.Literal('account'),
]);
export type ChallengeType = Static<typeof ChallengeType>;

/** `GET /pow/challenge` */
export const ChallengeQuery = Type.Object({
  type: Type.Optional(ChallengeType),
  identity_hash: Type.Optional(IdentityHash),
  nickname: Type.Optional(Nickname),
});
export type ChallengeQuery = Static<typeof ChallengeQuery>;

export const PowUnit = Type.Union([Type.Literal('bits'), Type.Literal('hex')]);
export type PowUnit = Static<typeof PowUnit>;

export const Challenge = Type.Object({
  seed: Seed,
  difficulty: Type.Integer({ minimum: 0, description: 'Leading zero bits, or hex digits: see `unit`.' }),
  unit: PowUnit,
  expires_at_ms: Type.Integer(),
});
export type Challenge = Static<typeof Challenge>;

/** Headers that pay for a request. Absent ones answer ERR_POW_INVALID, malformed ones ERR_MALFORMED. */
export const WorkHeaders = Type.Object({
  'x-pow-seed': Type.Optional(Seed),
  'x-pow-nonce': Type.Optional(Nonce),
});
export type WorkHeaders = Static<typeof WorkHeaders>;
