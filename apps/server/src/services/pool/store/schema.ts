import type { RedemptionState, TrackName, WithdrawalStatus } from '@blindpost/protocol/pool';
import type { EntryKind, House } from '../rules/ledger.js';

/** The pool's tables. Money in whole micro, times in ms since the epoch, ids as 16 bytes. */
export type PoolSchema = {
  pool_ledger: LedgerTable;
  pool_accounts: AccountsTable;
  pool_entries: EntriesTable;
  pool_tracks: TracksTable;
  pool_rounds: RoundsTable;
  pool_locks: LocksTable;
  pool_withdrawals: WithdrawalsTable;
  pool_redemptions: RedemptionsTable;
};

/** One row. Whoever changes rounds or money holds it until the transaction ends. */
type LedgerTable = {
  id: 1;
  /** Null until the first refill. */
  refilled_at: number | null;
  /** Thousandths of a micro that flowed in and are not paid yet. */
  rest: number;
  /** Entries so far; they are numbered without a gap, so that a missing one would show. */
  entries: number;
};

type AccountsTable = {
  /** A miner's 32 bytes, or the name of a house account. */
  id: Uint8Array;
  kind: House | 'miner';
  /** All of them sum to zero. */
  balance: number;
  /** What has left it, less what came back. */
  withdrawn: number;
};

type EntriesTable = {
  id: number;
  debit: Uint8Array;
  credit: Uint8Array;
  amount: number;
  kind: EntryKind;
  /** The round, withdrawal or redemption it is for; null for a refill. */
  ref: Uint8Array | null;
  ts_ms: number;
};

/** What the bits of the next round follow from, see rules/retarget. */
type TracksTable = { track: TrackName; bits: number; work: number; time: number; won: number };

type RoundsTable = {
  id: Uint8Array;
  track: TrackName;
  /** JSON. */
  params: string;
  bits: number;
  /** One round of a track is open. */
  status: 'open' | 'closed' | 'expired';
  issued_at: number;
  /** Since when somebody works on it; null = nobody yet. */
  held_since: number | null;
  /** Miners whose lock points to it. */
  locks: number;
  closed_at: number | null;
  /** The following are set together, when it is won. */
  winner: Uint8Array | null;
  /** In UTF-8: a text column of PostgreSQL does not take every text. */
  nonce: Uint8Array | null;
  payout: number | null;
  balance_after: number | null;
  solve_ms: number | null;
};

/** Which open round a miner works on. Durable: a restart must not cost a miner the nonce it has just found. */
type LocksTable = { miner: Uint8Array; address: Uint8Array; round: Uint8Array; issued_at: number };

type WithdrawalsTable = {
  id: Uint8Array;
  miner: Uint8Array;
  amount: number;
  /** In UTF-8, as `nonce`. */
  destination: Uint8Array;
  status: WithdrawalStatus;
  created_at: number;
  settled_at: number | null;
  /** 16 bytes that say the same request. */
  key: Uint8Array | null;
};

/** Codes, and the outbox from which they reach the gateway. */
type RedemptionsTable = {
  id: Uint8Array;
  miner: Uint8Array;
  /** As in the request; null = the whole balance. */
  asked: number | null;
  amount: number;
  quota: number;
  code: string;
  state: RedemptionState;
  created_at: number;
  attempts: number;
  /** Null once delivered. */
  next_try_at: number | null;
  key: Uint8Array | null;
};
