import Type, { type Static } from 'typebox';
import { UUID_PATTERN } from '../uuid.js';
import { Micro, RoundId, TimeMs, TrackName } from './primitives.js';

const Count = Type.Integer({ minimum: 0 });

/** `GET /admin/state`: no miner, address or destination in it. */
export const PoolState = Type.Object({
  rounds: Type.Array(
    Type.Object({
      track: TrackName,
      round_id: RoundId,
      bits: Count,
      issued_at_ms: TimeMs,
      /** Miners whose lock points to it. */
      locks: Count,
      /** Rounds of this track won so far. */
      won: Count,
    }),
  ),
  pool: Type.Object({ balance_micro: Micro, cap_micro: Micro, refill_micro_per_second: Micro }),
  locks: Count,
  ledger: Type.Object({
    /** Balance of each kind of account; they sum to zero. */
    accounts: Type.Record(Type.String(), Type.Integer()),
    sum_micro: Type.Integer(),
    entries: Count,
  }),
  outbox: Type.Object({ reserved: Count, issued: Count, delivered: Count, failed: Count }),
  verifier: Type.Object({ running: Count, queued: Count, workers: Count, refused: Count }),
  sockets: Type.Object({ miners: Count, hps: Type.Number({ minimum: 0 }) }),
});
export type PoolState = Static<typeof PoolState>;

export const WithdrawalStatus = Type.Union([
  Type.Literal('pending'),
  Type.Literal('paid'),
  Type.Literal('rejected'),
]);
export type WithdrawalStatus = Static<typeof WithdrawalStatus>;

export const Withdrawal = Type.Object({
  request_id: Type.String(),
  amount_micro: Micro,
  destination: Type.String(),
  status: WithdrawalStatus,
  ts_ms: TimeMs,
});
export type Withdrawal = Static<typeof Withdrawal>;

/** `GET /admin/withdrawals`: latest first; `before` goes on behind the last one seen. */
export const WithdrawalsQuery = Type.Object({
  status: Type.Optional(WithdrawalStatus),
  before: Type.Optional(Type.String({ pattern: UUID_PATTERN, description: 'The last request_id seen.' })),
});
export const Withdrawals = Type.Object({ items: Type.Array(Withdrawal) });

/** `POST /admin/withdrawals/{id}`: a rejected one is credited back. */
export const SettleWithdrawal = Type.Object({
  status: Type.Union([Type.Literal('paid'), Type.Literal('rejected')]),
});
export type SettleWithdrawal = Static<typeof SettleWithdrawal>;
