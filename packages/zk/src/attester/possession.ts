import { poseidon3 } from 'poseidon-lite/poseidon3';
import type { Point } from '../babyjub/point.js';
import { toField } from '../context/to-field.js';

/**
 * What a new attester signs to show that its key is its own: P3(Ax, Ay, toField("blindpost-attester:" + id)). The id
 * is in it, lest a proof be carried to another name.
 */
export function possessionMessage(publicKey: Point, id: string): bigint {
  return poseidon3([publicKey.x, publicKey.y, toField(`blindpost-attester:${id}`)]);
}
