import { systemClock } from '../../../../platform/clock.js';
import type { Database } from '../../../../platform/sql/database.js';
import { openDatabase } from '../../../../platform/sql/open.js';
import { E2EE_MIGRATIONS } from '../../migrations.js';

/** Opens the database as a server of the transport does. */
export function connect(place: { DB_PATH: string } | { DATABASE_URL: string }): Promise<Database> {
  const both = { DB_PATH: undefined, DATABASE_URL: undefined, ...place };
  return openDatabase({ DATA_DIR: '', ...both }, E2EE_MIGRATIONS, systemClock);
}
