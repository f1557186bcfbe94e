import type { Refusal } from '@blindpost/protocol/errors';
import { refuse } from '@blindpost/protocol/errors';
import type { Platform, Service } from '../../platform/platform.js';
import type { Database } from '../../platform/sql/database.js';
import type { AccountsSettings } from './settings.js';

/** What other services may ask of the accounts. */
export type AccountsService = Service & {
  verify(token: string): Promise<Refusal>;
  stands(): Promise<boolean>;
  missing(ids: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
  onEnded(listener: (ended: null) => void): void;
  onDeleted(erase: (account: Uint8Array) => Promise<void>): void;
};

/** Mounts accounts: their routes and their tokens. */
export async function mountAccounts(
  _platform: Platform,
  _db: Database,
  _settings: AccountsSettings & { publicUrl: string | undefined },
): Promise<AccountsService> {
  return {
    parts: [],
    verify: async () => refuse('unauthorized'),
    stands: async () => false,
    missing: async (ids) => ids,
    onEnded: () => undefined,
    onDeleted: () => undefined,
    close: async () => undefined,
  };
}
