import type { Account } from '../rules/ledger.js';
import { utf8 } from './utf8.js';

/** The key of an account's row: a miner's 32 bytes, or the name of a house account, which is shorter. */
export function accountId(account: Account): Uint8Array {
  return typeof account === 'string' ? utf8.encode(account) : account;
}
