import { sql } from 'kysely';
import { StartRefused } from '../../start-refused.js';
import type { Tx } from '../command.js';

const OLDEST = 130_000;

/** @throws StartRefused when the server is too old or its texts are no Unicode */
export async function checkRequirements({ db }: Tx<unknown>, warn: (message: string) => void): Promise<void> {
  const { rows } = await sql<{ version: number; fsync: string; encoding: string }>`
    select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
           current_setting('server_encoding') as encoding`.execute(db);
  const { version = 0, fsync, encoding } = rows[0] ?? {};
  if (version < OLDEST) throw new StartRefused('DATABASE_URL: PostgreSQL 13 or newer is needed');
  if (encoding !== 'UTF8')
    throw new StartRefused(`DATABASE_URL: the database's encoding is ${encoding}, not UTF8`);
  if (fsync !== 'on')
    warn('PostgreSQL runs with fsync off: what it says is on disk may be lost with the power');
}
