import { accountText } from '@blindpost/protocol/accounts';
import { endpoint } from '../http/endpoint.js';
import { exchange } from '../http/exchange.js';
import { insist } from '../retry/insist.js';
import { work, workHeaders } from '../work/work.js';
import { isRegistered } from './answers.js';
import { AccountError, ERRORS } from './errors.js';
import type { AccountKey } from './key.js';

export interface Registration {
  /** Address of the server. */
  url: string;
  key: AccountKey;
  signal?: AbortSignal;
}

/** Where the routes of accounts lie. */
export const ACCOUNTS = 'api/accounts';
/** Some seconds in all. */
export const PATIENCE = { tries: 5, patienceMs: 30_000 };

/**
 * Opens the account of a key, for work; answers its id, a UUID. The same key again answers the same id, so it is
 * repeated until answered. Rejects with an AccountError, or with the signal's reason.
 * @throws TypeError when the address is not an http(s) URL
 */
export function register({ url, key, signal }: Registration): Promise<string> {
  const { base } = endpoint(url);
  const { publicKey } = key;
  const attempt = async () => {
    const paid = await work({ base }, { type: 'account', context: publicKey }, { errors: ERRORS, signal });
    const signature = key.sign(accountText.register(paid.seed, publicKey));
    const body = JSON.stringify({ publicKey, signature });
    const answer = await exchange(
      new URL(ACCOUNTS, base),
      { headers: workHeaders(paid), body, signal },
      ERRORS,
    );
    if (!isRegistered(answer)) throw ERRORS.badAnswer();
    return answer.accountId;
  };
  // A seed that grew old while it was solved is bought again.
  const again = (error: unknown) =>
    error instanceof AccountError && (error.temporary || error.code === 'ERR_EXPIRED');
  return insist(attempt, { ...PATIENCE, again, signal });
}
