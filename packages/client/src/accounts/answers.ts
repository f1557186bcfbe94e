/** Answers of the accounts' routes, checked before they are believed. Each guard is false for anything else. */
import type { AccountChallenge, RegisterAccountAnswer, TokenAnswer } from '@blindpost/protocol/accounts';
import { isTime, isUuid } from '../json/format.js';
import { isRecord } from '../json/record.js';

export function isRegistered(value: unknown): value is RegisterAccountAnswer {
  return isRecord(value) && isUuid(value.accountId);
}

export function isChallenge(value: unknown): value is AccountChallenge {
  return isRecord(value) && typeof value.challenge === 'string' && /^[0-9a-f]{64}$/.test(value.challenge);
}

export function isToken(value: unknown): value is TokenAnswer {
  return (
    isRecord(value) &&
    typeof value.token === 'string' &&
    // It goes into a header: nothing but what a bearer token is made of (RFC 6750, 2.1).
    /^[A-Za-z0-9\-._~+/]+=*$/.test(value.token) &&
    value.tokenType === 'Bearer' &&
    isTime(value.expiresAt)
  );
}
