import type { Point } from '@blindpost/zk/signature';
import { fieldBytes, fieldNumber } from './field-bytes.js';

/** A public key as it is kept: both coordinates, 64 bytes. */
export function pointBytes({ x, y }: Point): Uint8Array {
  return Uint8Array.from([...fieldBytes(x), ...fieldBytes(y)]);
}

/** The point of such bytes. */
export function pointOf(bytes: Uint8Array): Point {
  return { x: fieldNumber(bytes.subarray(0, 32)), y: fieldNumber(bytes.subarray(32)) };
}
