import { createHash } from 'node:crypto';
import {
  ACCOUNT_CHALLENGE_TTL_MS,
  type AccountChallenge,
  type AccountChallengeRequest,
} from '@blindpost/protocol/accounts';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { isoTime } from '../../../platform/iso-time.js';
import type { Accounts } from '../accounts.js';

const CHALLENGE_BYTES = 32;

/** A challenge for whatever id: who has an account is not told. */
export async function challenge(
  { volatile, clock, random }: Pick<Accounts, 'volatile' | 'clock' | 'random'>,
  { accountId }: AccountChallengeRequest,
): Promise<{ ok: true; answer: AccountChallenge } | Refusal> {
  const text = random.hex(CHALLENGE_BYTES);
  const expiresAt = clock.now() + ACCOUNT_CHALLENGE_TTL_MS;
  const kept = await volatile.putSeed(keyOf(text), accountId.toLowerCase(), ACCOUNT_CHALLENGE_TTL_MS);
  if (!kept) return refuse('unavailable', { retryAfter: ACCOUNT_CHALLENGE_TTL_MS / 1000 });
  return { ok: true, answer: { challenge: text, expiresAt: isoTime(expiresAt) } };
}

/** Spends the challenge; whether it was this account's, and in time. */
export async function spendChallenge(
  { volatile }: Pick<Accounts, 'volatile'>,
  text: string,
  accountId: string,
): Promise<boolean> {
  return (await volatile.spendSeed(keyOf(text))) === accountId.toLowerCase();
}

/** The store never sees a challenge that could still be spent, and none is a seed of the gate. */
function keyOf(text: string): string {
  return createHash('sha256').update(`account challenge:${text}`).digest('hex');
}
