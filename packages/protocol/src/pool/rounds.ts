import Type, { type Static } from 'typebox';
import { Micro, RoundId, TimeMs, TrackName } from './primitives.js';

/** `GET /challenge` */
export const PoolChallenge = Type.Object({
  track: TrackName,
  round_id: RoundId,
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()]), {
    description: 'What the track asks; its members depend on the track.',
  }),
  issued_at_ms: TimeMs,
});
export type PoolChallenge = Static<typeof PoolChallenge>;

/** `POST /submit`. The nonce's length is in bytes, which a schema cannot say; the route looks. */
export const Submit = Type.Object({
  track: TrackName,
  round_id: RoundId,
  proof: Type.Object({ nonce: Type.String() }),
});
export type Submit = Static<typeof Submit>;

/** Why a proof is worth nothing. */
export const InvalidReason = Type.Union([Type.Literal('not_enough_bits'), Type.Literal('refused')]);
export type InvalidReason = Static<typeof InvalidReason>;

export const Win = Type.Object({
  status: Type.Literal('win'),
  payout_micro: Micro,
  pool_balance_micro: Micro,
  solve_time_ms: Type.Integer({ minimum: 0 }),
});
export const TooLate = Type.Object({ status: Type.Literal('too_late') });
export const Invalid = Type.Object({ status: Type.Literal('invalid'), reason: InvalidReason });
export const SubmitAnswer = Type.Union([Win, TooLate, Invalid]);
export type SubmitAnswer = Static<typeof SubmitAnswer>;
