import { accountText, type TokenAnswer, type TokenRequest } from '@blindpost/protocol/accounts';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { isoTime } from '../../../platform/iso-time.js';
import { isSigned } from '../../../platform/secrets/ed25519.js';
import { uuidBytes } from '../../../platform/sql/id.js';
import type { Accounts } from '../accounts.js';
import { credentials } from '../store/credentials.js';
import type { OwnTokens } from '../tokens/own.js';
import { spendChallenge } from './challenge.js';

/** Where nobody has the id, the signature is held against this key (RFC 8032 §7.1), so that it takes as long. */
const NOBODY = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';

/** The host that was dialled, and whether it is surely ours. */
export type Dialled = { host: string; own: boolean };

/** A token for whoever signs the challenge, for this host, with the account's key. */
export async function logIn(
  accounts: Accounts,
  own: OwnTokens,
  { accountId, challenge, signature }: TokenRequest,
  dialled: Dialled,
): Promise<{ ok: true; answer: TokenAnswer } | Refusal> {
  if (!(await spendChallenge(accounts, challenge, accountId))) {
    const message = 'The challenge is unknown, used, over or for another account.';
    return refuse('unauthorized', { field: 'challenge' }, message);
  }
  // What is signed for a host that may be another server's could have been made for that one, and passed on.
  if (!dialled.own) {
    return refuse('unauthorized', { field: 'host' }, 'This server cannot vouch for that host.');
  }
  const account = uuidBytes(accountId);
  const known = account === null ? null : await accounts.db.read(credentials, { account });
  const key = known === null ? NOBODY : Buffer.from(known.publicKey).toString('base64');
  const signed = isSigned(key, signature, accountText.token(dialled.host, challenge, accountId));
  if (!signed || known === null || account === null) {
    return refuse('unauthorized', { field: 'signature' }, 'signature does not verify.');
  }
  const { token, expiresAt } = await own.issue(account, known.generation);
  return { ok: true, answer: { token, tokenType: 'Bearer', expiresAt: isoTime(expiresAt) } };
}
