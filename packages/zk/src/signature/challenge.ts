import { poseidon5 } from 'poseidon-lite/poseidon5';
import type { Point } from '../babyjub/point.js';

/** P5(R8, A, message), of which the circuit computes the same. */
export function challengeOf(r8: Point, publicKey: Point, message: bigint): bigint {
  return poseidon5([r8.x, r8.y, publicKey.x, publicKey.y, message]);
}
