import type { RevokeRequest } from '@blindpost/protocol/accounts';
import type { Accounts } from '../accounts.js';
import { revokeAll } from '../store/revoke-all.js';
import { revokeToken } from '../store/revoke-token.js';
import type { Bearer } from '../tokens/bearer.js';
import { tokenIdBytes } from '../tokens/token-id.js';
import { endingOf } from './ending.js';

/** Ends the token that asks, or all of its account. */
export async function revoke(
  accounts: Pick<Accounts, 'db' | 'clock' | 'endings'>,
  bearer: Bearer,
  { all = false }: RevokeRequest,
): Promise<void> {
  const { account, accountId, tokenId, expiresAt } = bearer;
  if (all) {
    await accounts.db.write(revokeAll, { account, until: endingOf(bearer, accounts.clock) });
  } else {
    await accounts.db.write(revokeToken, { token: tokenIdBytes(tokenId), expiresAt });
  }
  await accounts.endings.tell({ accountId, tokenId: all ? null : tokenId });
}
