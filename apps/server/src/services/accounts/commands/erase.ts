import type { Accounts } from '../accounts.js';
import { deleteAccount } from '../store/delete-account.js';
import type { Bearer } from '../tokens/bearer.js';
import { endingOf } from './ending.js';

/**
 * Erases the account: first itself, so that nothing is added any more, then what it left elsewhere. Rejects with
 * `Unavailable` when the latter must wait.
 */
export async function erase(
  accounts: Pick<Accounts, 'db' | 'clock' | 'endings' | 'eraser'>,
  bearer: Bearer,
): Promise<void> {
  const { account, accountId } = bearer;
  const now = accounts.clock.now();
  await accounts.db.write(deleteAccount, { account, now, until: endingOf(bearer, accounts.clock) });
  await accounts.endings.tell({ accountId, tokenId: null });
  await accounts.eraser.erase(account);
}
