import { systemClock } from '../../../../platform/clock.js';
import type { Database } from '../../../../platform/sql/database.js';
import { openDatabase } from '../../../../platform/sql/open.js';
import { POOL_MIGRATIONS } from '../../migrations.js';
import type { Place } from './bench.js';

/** Opens the database as a server of the pool does. */
export function connect(place: Place): Promise<Database> {
  const DB_PATH = place.kind === 'sqlite' ? place.path : undefined;
  const DATABASE_URL = place.kind === 'postgres' ? place.url : undefined;
  return openDatabase({ DATA_DIR: '', DB_PATH, DATABASE_URL }, POOL_MIGRATIONS, systemClock);
}
