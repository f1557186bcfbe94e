import { systemClock } from '../../../../platform/clock.js';
import type { Database } from '../../../../platform/sql/database.js';
import { openDatabase } from '../../../../platform/sql/open.js';
import { IDENTITY_MIGRATIONS } from '../../migrations.js';

/** Opens the database as a server with entity identity does. */
export function connect(place: { DB_PATH: string } | { DATABASE_URL: string }): Promise<Database> {
  const both = { DB_PATH: undefined, DATABASE_URL: undefined, ...place };
  return openDatabase({ DATA_DIR: '', ...both }, IDENTITY_MIGRATIONS, systemClock);
}
