/** The accounts' tables. Ids as 16 bytes, times in ms since the epoch. */
export type AccountsSchema = {
  accounts: AccountsTable;
  account_revocations: RevocationsTable;
  account_endings: EndingsTable;
  account_erasures: ErasuresTable;
};

type AccountsTable = {
  id: Uint8Array;
  /** 32 bytes; null where an outside issuer vouches for the account. */
  public_key: Uint8Array | null;
  /** Our own tokens carry it; those of another generation are over. */
  generation: number;
  created_at: number;
};

/** Single tokens that ended early. */
type RevocationsTable = {
  /** 16 bytes, see tokens/token-id. */
  token: Uint8Array;
  /** When the token would have ended by itself. */
  expires_at: number;
};

/** Accounts of an outside issuer all of whose tokens of before ended early; outlives the account. */
type EndingsTable = { account: Uint8Array; revoked_at: number };

/** Accounts that are gone, and may have left something elsewhere. */
type ErasuresTable = { account: Uint8Array; deleted_at: number };
