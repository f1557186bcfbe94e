import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { StartRefused } from '../../start-refused.js';

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
