import { poseidon3 } from 'poseidon-lite/poseidon3';
import type { Point } from '../babyjub/point.js';

/**
 * An attester's leaf, P3(Ax, Ay, typeMask). The circuit checks the claimed type against the mask, so a key that leaks
 * proves no type beyond those the registry granted it.
 */
export function attesterLeaf(publicKey: Point, mask: number): bigint {
  return poseidon3([publicKey.x, publicKey.y, BigInt(mask)]);
}
