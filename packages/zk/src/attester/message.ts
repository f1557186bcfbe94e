import { poseidon2 } from 'poseidon-lite/poseidon2';
import type { EntityType } from '../entity-types/table.js';

/** What an attester signs: P2(commitment, the type's number). */
export function attestedMessage(commitment: bigint, type: EntityType): bigint {
  return poseidon2([commitment, BigInt(type.numeric)]);
}
