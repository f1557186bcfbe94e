import type { Platform, Service } from '../../platform/platform.js';
import type { Database } from '../../platform/sql/database.js';
import type { Accounts } from './accounts.js';
import type { E2eeSettings } from './settings.js';

/** What the e2ee transport lets others do. */
export type E2ee = Service & {
  /** Erases keys, queue and sessions of an account. */
  erase(account: Uint8Array): Promise<void>;
};

/** Mounts the e2ee transport: its routes, its socket. */
export async function mountE2ee(
  _platform: Platform,
  _db: Database,
  _settings: E2eeSettings,
  _accounts: Accounts,
): Promise<E2ee> {
  return { parts: [], erase: async () => undefined, close: async () => undefined };
}
