import type { TrackName } from '@blindpost/protocol/pool';
import type { SocketState } from './socket.js';

/** `asking` for a challenge, `mining`, `submitting` a nonce, `waiting` before another try. */
export type MinerStatus = 'asking' | 'mining' | 'submitting' | 'waiting' | 'paused' | 'stopped';

/** What there is to show of a miner. */
export interface MinerState {
  readonly status: MinerStatus;
  readonly socket: SocketState;
  /** Of the present round. */
  readonly track: TrackName | undefined;
  readonly round: string | undefined;
  /** Attempts per second over the last ten seconds. */
  readonly rate: number;
  readonly attempts: number;
  readonly wins: number;
  readonly lastPayoutMicro: number | undefined;
  /** As the pool last told. */
  readonly balanceMicro: number | undefined;
}
