import type { Generated } from 'kysely';

/** The transport's tables. Times in ms since the epoch, ids as 16 bytes, texts that clients choose as UTF-8. */
export type E2eeSchema = {
  e2ee_queues: QueuesTable;
  e2ee_shares: SharesTable;
  e2ee_envelopes: EnvelopesTable;
  e2ee_spent_keys: SpentKeysTable;
  e2ee_bundles: BundlesTable;
  e2ee_prekeys: PreKeysTable;
  e2ee_claims: ClaimsTable;
  e2ee_sessions: SessionsTable;
};

/**
 * One device of an account and what waits for it. Whoever changes what waits holds the row until the
 * transaction ends: so sequences have no gap, and the counts are always right.
 */
type QueuesTable = {
  id: Generated<number>;
  /** Null once the account is erased: then the row lives until its envelopes are gone. */
  account: Uint8Array | null;
  device: string;
  /** The sequence of the last envelope. */
  last: number;
  /** Envelopes, and their bytes, that are not acknowledged. */
  waiting: number;
  waiting_bytes: number;
  /** The same of those that are, and are kept for a day. */
  kept: number;
  kept_bytes: number;
};

/** What of a queue waits from one sender; absent means nothing. */
type SharesTable = { queue: number; sender: Uint8Array; waiting: number; waiting_bytes: number };

export type EnvelopesTable = {
  id: Uint8Array;
  queue: number;
  sequence: number;
  sender: Uint8Array;
  /** 16 bytes of a hash of (recipient, sender, clientMessageId); null without one. */
  key: Uint8Array | null;
  /** SHA-256 of what must be the same when the key is. */
  content: Uint8Array | null;
  type: number;
  session: Uint8Array | null;
  group_id: Uint8Array | null;
  client_id: Uint8Array | null;
  ciphertext: Uint8Array;
  header: Uint8Array | null;
  signature: Uint8Array | null;
  /** JSON. */
  meta: Uint8Array | null;
  status: number;
  /** Bytes it counts for. */
  size: number;
  delivered_at: number | null;
  acked_at: number | null;
  expires_at: number | null;
  created_at: number;
};

/** Keys whose envelope is gone, for another day. */
type SpentKeysTable = {
  key: Uint8Array;
  content: Uint8Array;
  id: Uint8Array;
  sequence: number;
  created_at: number;
  expires_at: number;
};

/** The published keys of one device. */
export type BundlesTable = {
  queue: number;
  id: Uint8Array;
  algorithm: Uint8Array;
  identity_key: Uint8Array;
  signed_id: number;
  signed_key: Uint8Array;
  signed_signature: Uint8Array;
  signed_expires_at: number | null;
  last_resort_id: number | null;
  last_resort_key: Uint8Array | null;
  pq_id: number | null;
  pq_key: Uint8Array | null;
  pq_signature: Uint8Array | null;
  meta: Uint8Array | null;
  verified: number;
  created_at: number;
  updated_at: number;
  /** Counts the identity keys there have been. */
  epoch: number;
  /** One-time prekeys left, and those handed out that are still remembered. */
  stock: number;
  spent: number;
  /** Ids of this epoch up to here that are not remembered count as handed out. */
  floor: number;
};

/** One-time prekeys; those handed out stay, so that none comes back by a repeated upload. */
type PreKeysTable = {
  queue: number;
  epoch: number;
  key_id: number;
  public_key: Uint8Array;
  /** SHA-256 of the key. */
  digest: Uint8Array;
  spent: number;
};

/** Which prekey was handed to whom within the hour. */
type ClaimsTable = {
  queue: number;
  key_id: number;
  /** 16 bytes that say the same requester and target. */
  pair: Uint8Array;
  public_key: Uint8Array;
  claimed_at: number;
};

type SessionsTable = {
  id: Uint8Array;
  account_a: Uint8Array;
  account_b: Uint8Array;
  initiated_by: Uint8Array;
  hint: Uint8Array | null;
  meta: Uint8Array | null;
  last_message_at: number | null;
  created_at: number;
  updated_at: number;
  /** When it was last written to or talked in. */
  idle_since: number;
};
