import Type, { type Static } from 'typebox';
import { base64 } from '../base64.js';
import { UUID_PATTERN } from '../uuid.js';

const AccountId = Type.String({ pattern: UUID_PATTERN, description: 'Id of an account, a UUID.' });
const Signature = base64(64, 'Ed25519 signature');
const Time = Type.String({ format: 'date-time', description: 'ISO-8601, UTC.' });

/** An account without a challenge answered by then asks for a new one. */
export const ACCOUNT_CHALLENGE_TTL_MS = 60_000;
export const ACCOUNT_TOKEN_TTL_MS = 3_600_000;

/** `POST /api/accounts`, with work of type `account` whose context is `publicKey` as sent. */
export const RegisterAccount = Type.Object({
  publicKey: base64(32, 'Ed25519 key'),
  /** Over {@link accountText.register}. */
  signature: Signature,
});
export type RegisterAccount = Static<typeof RegisterAccount>;
export const RegisterAccountAnswer = Type.Object({ accountId: AccountId });
export type RegisterAccountAnswer = Static<typeof RegisterAccountAnswer>;

/** `POST /api/accounts/challenge`; answered alike for ids that nobody has. */
export const AccountChallengeRequest = Type.Object({ accountId: AccountId });
export type AccountChallengeRequest = Static<typeof AccountChallengeRequest>;
export const AccountChallenge = Type.Object({
  challenge: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Good for one token, for 60 seconds.' }),
  expiresAt: Time,
});
export type AccountChallenge = Static<typeof AccountChallenge>;

/** `POST /api/accounts/token` */
export const TokenRequest = Type.Object({
  accountId: AccountId,
  challenge: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Over {@link accountText.token}. */
  signature: Signature,
});
export type TokenRequest = Static<typeof TokenRequest>;
export const TokenAnswer = Type.Object({
  token: Type.String(),
  tokenType: Type.Literal('Bearer'),
  expiresAt: Time,
});
export type TokenAnswer = Static<typeof TokenAnswer>;

/** `POST /api/accounts/revoke`: the token it is asked with, or all of the account. The body may be left out. */
export const RevokeRequest = Type.Object(
  { all: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
export type RevokeRequest = Static<typeof RevokeRequest>;

/**
 * The exact texts that accounts sign (Ed25519 over UTF-8). Each binds something fresh; `token` also binds the
 * host dialled, so that another server cannot forward it. Ids stand as they are sent.
 */
export const accountText = {
  register: (seed: string, publicKey: string) => `ACCOUNT:${seed}:${publicKey}`,
  token: (host: string, challenge: string, accountId: string) => `TOKEN:${host}:${challenge}:${accountId}`,
} as const;
