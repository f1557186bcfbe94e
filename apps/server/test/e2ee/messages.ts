/** Messages of these tests. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { E2eeItem, E2eeSend } from '@blindpost/testbed/wire-e2ee';

/** `size` random bytes in Base64. */
export function bytes(size = 48): string {
  return randomBytes(size).toString('base64');
}

/** A message of its own content. */
export function message(recipientId: string, more: Partial<E2eeSend> = {}): E2eeSend {
  return { recipientId, ciphertext: bytes(), ...more };
}

export function messages(recipientId: string, count: number, more: Partial<E2eeSend> = {}): E2eeSend[] {
  return Array.from({ length: count }, () => message(recipientId, more));
}

/** One with everything that a sender may say. */
export function fullMessage(recipientId: string): E2eeSend {
  return {
    recipientId,
    sessionId: randomUUID(),
    type: 2,
    groupId: 'room:engineering',
    clientMessageId: randomUUID(),
    ciphertext: bytes(300),
    header: bytes(40),
    signature: bytes(64),
    expiresAt: inFuture(),
    meta: { ratchet_step: 128, nested: { someThing: [1, null, 'ä'] } },
  };
}

export function items(recipientId: string, count: number, more: Partial<E2eeItem> = {}): E2eeItem[] {
  return Array.from({ length: count }, () => ({ recipientId, ciphertext: bytes(), ...more }));
}

/** A point in time `ms` from now; default a day. */
export function inFuture(ms = 24 * 3_600_000): string {
  return new Date(Date.now() + ms).toISOString();
}
