import Type, { type Static } from 'typebox';
import { Micro, RoundId, TimeMs, TrackName } from './primitives.js';

/** Frames a miner's socket may send. */
export const POOL_FRAMES_IN = {
  /** First and within two seconds; otherwise the socket counts as its address. */
  auth: Type.Object({ type: Type.Literal('auth'), token: Type.String() }),
  /** Attempts per second as the miner counts them: shown, never trusted. */
  hashrate: Type.Object({
    type: Type.Literal('hashrate'),
    hps: Type.Number({ minimum: 0, maximum: 1e15 }),
    track: TrackName,
  }),
};
export type PoolFrameIn = { [T in keyof typeof POOL_FRAMES_IN]: Static<(typeof POOL_FRAMES_IN)[T]> }[
  | 'auth'
  | 'hashrate'];

/** Frames the pool sends. */
export const PoolFrameOut = Type.Union([
  Type.Object({
    type: Type.Literal('secret'),
    secret: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    expires_at_ms: TimeMs,
  }),
  Type.Object({ type: Type.Literal('round_solved'), track: TrackName, round_id: RoundId }),
  /** Another socket of this miner took over; this one is closed with 1008. */
  Type.Object({ type: Type.Literal('kicked') }),
  Type.Object({
    type: Type.Literal('stats'),
    miners: Type.Integer({ minimum: 0 }),
    hps: Type.Number({ minimum: 0 }),
    pool_balance_micro: Micro,
  }),
  /** A frame was refused. */
  Type.Object({
    type: Type.Literal('error'),
    error: Type.String(),
    message: Type.String(),
    details: Type.Record(Type.String(), Type.Unknown()),
  }),
]);
export type PoolFrameOut = Static<typeof PoolFrameOut>;
