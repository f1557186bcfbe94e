import { accountText, type RegisterAccount } from '@blindpost/protocol/accounts';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { WorkHeaders } from '@blindpost/protocol/relay';
import { isSigned } from '../../../platform/secrets/ed25519.js';
import { uuidText, uuidv7 } from '../../../platform/sql/id.js';
import type { Accounts } from '../accounts.js';
import { register as write } from '../store/register.js';

/** Makes the account of a key for work; the same key again finds it. */
export async function register(
  accounts: Accounts,
  { publicKey, signature }: RegisterAccount,
  work: WorkHeaders,
): Promise<{ ok: true; accountId: string; created: boolean } | Refusal> {
  const { gate, db, clock, random } = accounts;
  const seed = work['x-pow-seed'];
  const unpaid = await gate.pay({
    seed,
    nonce: work['x-pow-nonce'],
    purpose: { type: 'account' },
    context: publicKey,
  });
  if (unpaid !== null) return unpaid;
  if (!isSigned(publicKey, signature, accountText.register(seed ?? '', publicKey))) {
    return refuse('unauthorized', { field: 'signature' }, 'signature does not verify.');
  }
  const { account, created } = await db.write(write, {
    id: uuidv7(clock, random),
    publicKey: Uint8Array.from(Buffer.from(publicKey, 'base64')),
    now: clock.now(),
  });
  if (created) await gate.registered();
  return { ok: true, accountId: uuidText(account), created };
}
