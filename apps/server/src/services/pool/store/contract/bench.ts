import type { Database } from '../../../../platform/sql/database.js';

/** Where a database is; crosses to other processes. */
export type Place = { kind: 'sqlite'; path: string } | { kind: 'postgres'; url: string };

/** One adapter under the contract. */
export interface Bench {
  /** An empty database that tests share, one after the other. */
  database(): Promise<Database>;
  /** A new, empty database that the test opens and closes itself. */
  place(): Promise<Place>;
  /** Servers that may have one database open at once. */
  servers: number;
  /** How often to try what the rule says thousands of times. */
  scaled(times: number): number;
}
