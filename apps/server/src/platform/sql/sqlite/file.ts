import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { StartRefused } from '../../start-refused.js';

const BUSY_MS = 5_000;
const CACHE_KIB = 65_536;

/** Opens an existing file as every thread does. Checkpoints are left to the thread that does nothing else. */
export function openFile(path: string, options: { readonly?: boolean } = {}): BetterSqlite3.Database {
  const { readonly = false } = options;
  const database = new BetterSqlite3(path, { readonly, fileMustExist: true, timeout: BUSY_MS });
  if (!readonly) database.pragma('journal_mode = WAL');
  for (const pragma of [
    'synchronous = FULL',
    'wal_autocheckpoint = 0',
    'foreign_keys = ON',
    `cache_size = -${CACHE_KIB}`,
    'temp_store = MEMORY',
  ]) {
    database.pragma(pragma);
  }
  return database;
}

/**
 * Makes the file if there is none, for its owner alone, and claims it for this server: two committers on one
 * file would each answer from a state that the other changes. The claim is a lock on a file beside it, which
 * ends with the process, however that ends.
 * @returns ends the claim
 * @throws StartRefused when another server has the file
 */
export function claimFile(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  ownFile(path);
  const beside = `${path}.lock`;
  ownFile(beside);
  const claim = new BetterSqlite3(beside, { timeout: 0 });
  try {
    claim.exec('begin exclusive');
  } catch (error) {
    claim.close();
    if (error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new StartRefused(`${path} (DB_PATH) is in use by another server`);
    }
    throw error;
  }
  return () => void claim.close();
}

/** An existing file is not opened: to close it would drop the locks that this process has on it. */
function ownFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    chmodSync(path, 0o600);
  }
}
