import type { Refusal } from '@blindpost/protocol/errors';

/** Whom a token speaks for. */
export interface Bearer {
  /** 16 bytes. */
  readonly account: Uint8Array;
  /** The same as a UUID, lower case. */
  readonly accountId: string;
  readonly device: string;
  /** What is known of the token when it is ended; says nothing about the token itself. */
  readonly tokenId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Whose queue a token speaks for. */
export function ownerOf({ account, device }: Bearer): { account: Uint8Array; device: string } {
  return { account, device };
}

/** Tokens that ended before their time: one, or all of an account. */
export interface Ended {
  readonly accountId: string;
  /** Null for all of the account. */
  readonly tokenId: string | null;
}

/** What is needed of whoever keeps the accounts; handed in, because services do not know each other. */
export interface Accounts {
  /** Rejects with `Unavailable` when it cannot be told now. */
  verify(token: string): Promise<{ ok: true; bearer: Bearer } | Refusal>;
  /** Whether the token still holds: asked again where it is used for long. */
  stands(bearer: Bearer): Promise<boolean>;
  /** Those of the ids that no account has. */
  missing(ids: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
  /** Tells of tokens that end early, on whatever instance; null when some may have ended unheard. */
  onEnded(listener: (ended: Ended | null) => void): void;
}
