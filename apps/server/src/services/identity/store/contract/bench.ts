import type { Database } from '../../../../platform/sql/database.js';

/** One adapter under the contract. */
export interface Bench {
  /** Connections to one empty database, as servers have them: one on SQLite, several on PostgreSQL. */
  open(): Promise<readonly Database[]>;
}
