import { join } from 'node:path';
import type { Clock } from '../clock.js';
import type { PlatformSettings } from '../settings/platform.js';
import type { Database } from './database.js';
import type { Migration } from './migrations.js';
import { PostgresDatabase } from './postgres/database.js';
import { SqliteDatabase } from './sqlite/database.js';

/**
 * The durable store of this server: PostgreSQL where DATABASE_URL names one, else one SQLite file.
 * @param migrations the steps of all services, mounted or not
 * @param warn told what the operator should know; default: nobody
 * @throws StartRefused or Unavailable, as the adapters do
 */
export function openDatabase(
  settings: Pick<PlatformSettings, 'DATA_DIR' | 'DB_PATH' | 'DATABASE_URL'>,
  migrations: readonly Migration[],
  clock: Clock,
  warn: (message: string) => void = () => undefined,
): Promise<Database> {
  const url = settings.DATABASE_URL;
  if (url !== undefined) return PostgresDatabase.open({ url, migrations, clock, warn });
  const path = settings.DB_PATH ?? join(settings.DATA_DIR, 'blindpost.db');
  return SqliteDatabase.open({ path, migrations, clock });
}
