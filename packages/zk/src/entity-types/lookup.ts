import { ENTITY_TYPES, type EntityType } from './table.js';

// Maps, because an object would also know `constructor`.
const byCode = new Map<string, EntityType>(ENTITY_TYPES.map((type) => [type.code, type]));
const byNumber = new Map<bigint, EntityType>(ENTITY_TYPES.map((type) => [BigInt(type.numeric), type]));

/** The type of a code such as `AI.CA`, exactly so written. */
export function entityTypeByCode(code: string): EntityType | undefined {
  return byCode.get(code);
}

/** The type of a number, as the signal `claimedType` gives it. */
export function entityTypeByNumber(numeric: bigint): EntityType | undefined {
  return byNumber.get(numeric);
}
