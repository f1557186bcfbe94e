import { join } from 'node:path';
import type { Clock } from '../clock.js';
import type { PlatformSettings } from '../settings/platform.js';
import type { Database } from './database.js';
import type { Migration } from './migrations.js';

/**
 * The durable store of this server: PostgreSQL where DATABASE_URL names one, else one SQLite file.
 * @param migrations the steps of all services, mounted or not
 * @param warn told what the operator should know; default: nobody
 * @throws StartRefused or Unavailable, as the adapters do
 */
export async function openDatabase(
  settings: Pick<PlatformSettings, 'DATA_DIR' | 'DB_PATH' | 'DATABASE_URL'>,
  migrations: readonly Migration[],
  clock: Clock,
  warn: (message: string) => void = () => undefined,
): Promise<Database> {
  const url = settings.DATABASE_URL;
  if (url !== undefined) {
    const { PostgresDatabase } = await import('./postgres/database.js');
    return PostgresDatabase.open({ url, migrations, clock, warn });
  }
  const path = settings.DB_PATH ?? join(settings.DATA_DIR, 'blindpost.db');
  const { SqliteDatabase } = await import('./sqlite/database.js');
  return SqliteDatabase.open({ path, migrations, clock });
}
