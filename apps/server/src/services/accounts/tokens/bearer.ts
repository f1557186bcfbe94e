/** Whom a token speaks for, and what decides whether it still may. Times in ms since the epoch. */
export type Bearer = {
  /** 16 bytes. */
  readonly account: Uint8Array;
  /** The same as a UUID, lower case. */
  readonly accountId: string;
  readonly device: string;
  /** See {@link tokenIdOf}. */
  readonly tokenId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The account's when the token was made; null where an outside issuer made it. */
  readonly generation: number | null;
};

/** A way tokens are made. Answers null for what is none of its own; rejects with `Unavailable`. */
export interface TokenCheck {
  check(token: string): Promise<Bearer | null>;
}
