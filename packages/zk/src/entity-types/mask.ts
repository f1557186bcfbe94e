import { ENTITY_TYPES, type EntityType } from './table.js';

/** The types an attester may attest, as 16 bits: bit i is row i of the table. */
export function typeMask(types: Iterable<EntityType>): number {
  let mask = 0;
  for (const { bit } of types) mask |= 1 << bit;
  return mask;
}

/** The types of a mask, in the order of the table. */
export function typesOfMask(mask: number): EntityType[] {
  return ENTITY_TYPES.filter(({ bit }) => ((mask >> bit) & 1) === 1);
}
