import { ENTITY_TYPES, type EntityTypeCode } from '@blindpost/zk/entity-types';

/** The numbers of the types by their codes: `EntityTypes['AI.CA']` is 0x0101. */
export const EntityTypes: Readonly<Record<EntityTypeCode, number>> = Object.freeze(
  tableOf(ENTITY_TYPES.map(({ code, numeric }) => [code, numeric])),
);

function tableOf<Code extends string>(rows: readonly [Code, number][]): Record<Code, number>;
function tableOf(rows: readonly [string, number][]): Record<string, number> {
  return Object.fromEntries(rows);
}
