/**
 * The pool's SDK, for Node and browsers: {@link PoolHttp} for its routes, {@link PoolSocket} for its news, and
 * {@link Miner}, which works on one round after the other until it is stopped.
 *
 * @module
 */
export { type LocalErrorCode, PoolError, type PoolErrorCode } from './errors.js';
export { type PaymentOptions, type PoolAccess, PoolHttp, type Proof } from './http.js';
export { Miner, type MinerOptions } from './miner.js';
export { PoolSocket, type PoolSocketListener, type SocketState } from './socket.js';
export type { MinerState, MinerStatus } from './state.js';
export { isMinerToken, newMinerToken } from './token.js';
