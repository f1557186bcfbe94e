import type { Kysely } from 'kysely';
import type { Dialect } from './command.js';

/**
 * One step of the schema. The list of all services' steps is handed over whole, mounted or not, always in
 * the same order and only ever grows at its end; a step that was released is never edited.
 */
export interface Migration {
  /** Unique for ever, e.g. `pool-1-rounds`. */
  readonly name: string;
  up(db: Kysely<unknown>, dialect: Dialect): Promise<void>;
}

/** The column type for bytes. */
export function bytes(dialect: Dialect): 'blob' | 'bytea' {
  return dialect === 'sqlite' ? 'blob' : 'bytea';
}
