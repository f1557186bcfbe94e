import Type, { type Static } from 'typebox';
import { Bound, Count, Tally, TimeMs } from './primitives.js';

/** What a store tells is null while the store is away. */
const orAway = <T extends Type.TSchema>(schema: T) =>
  Type.Union([schema, Type.Null()], { description: 'Null while the store does not answer.' });

export const RelayOverview = Type.Object({
  sockets: Count,
  messages: Tally,
  mailboxes: orAway(Type.Object({ identities: Count, messages: Count, bytes: Count, bytes_bound: Bound })),
});
export type RelayOverview = Static<typeof RelayOverview>;

export const PoolOverview = Type.Object({
  sockets: Type.Object({ miners: Count, hps: Type.Number({ minimum: 0 }) }),
  submits: Tally,
  /** The round that is open on each track. */
  rounds: orAway(
    Type.Array(
      Type.Object({ track: Type.String(), bits: Count, issued_at_ms: TimeMs, locks: Count, won: Count }),
    ),
  ),
  /** What there is to pay out, and what flows in. */
  reserve: orAway(Type.Object({ balance_micro: Count, cap_micro: Count, refill_micro_per_second: Count })),
  ledger: orAway(
    Type.Object({
      entries: Count,
      accounts: Type.Record(Type.String(), Type.Integer(), {
        description: 'Balance of each kind of account, micro.',
      }),
      sum_micro: Type.Integer({ description: 'Of all accounts; anything but 0 is a fault.' }),
    }),
  ),
  codes: orAway(Tally),
  withdrawals_pending: orAway(Count),
});
export type PoolOverview = Static<typeof PoolOverview>;

export const AccountsOverview = Type.Object({
  accounts: orAway(Count),
  /** Accounts that are gone and not yet erased everywhere. */
  erasures: orAway(Count),
});
export type AccountsOverview = Static<typeof AccountsOverview>;

export const E2eeOverview = Type.Object({
  sockets: Count,
  envelopes: Tally,
  queues: orAway(
    Type.Object({
      queues: Count,
      waiting: Count,
      waiting_bytes: Count,
      longest: Count,
      kept: Count,
      envelopes_bound: Bound,
      bytes_bound: Bound,
    }),
  ),
});
export type E2eeOverview = Static<typeof E2eeOverview>;

export const IdentityOverview = Type.Object({
  proofs: Tally,
  registry: orAway(
    Type.Object({
      root: Type.String(),
      updated_at_ms: TimeMs,
      attesters: Count,
      leaves: Count,
      leaves_bound: Bound,
    }),
  ),
  audit: orAway(
    Type.Object({ sequence: Count, hash: Type.String({ description: 'Of the last entry, hex.' }) }),
  ),
  /** What is kept for ever; counted once a minute. */
  records: Type.Object({
    attestations: Count,
    attestations_bound: Bound,
    nullifiers: Count,
    nullifiers_bound: Bound,
  }),
});
export type IdentityOverview = Static<typeof IdentityOverview>;
