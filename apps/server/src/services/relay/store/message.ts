import type { NewMessage } from './store.js';

const ID = /^([0-9a-f]{16})([0-9a-f]{16})$/;
/** Charged for each thing kept on top of its own bytes, so that empty messages are not free. */
export const OVERHEAD = 128;

/** Bytes that a message counts in every quota. */
export function chargeOf({ type, payload }: NewMessage): number {
  return payload.length + Buffer.byteLength(type) + OVERHEAD;
}

/** 32 lower-case hex: the sequence (8 bytes, big endian) and the message's salt. */
export function messageId(sequence: number, salt: string): string {
  return sequence.toString(16).padStart(16, '0') + salt;
}

/** Null for what no mailbox can have made. */
export function parseMessageId(id: string): { sequence: number; salt: string } | null {
  const [, high, salt] = ID.exec(id) ?? [];
  if (high === undefined || salt === undefined) return null;
  const sequence = Number.parseInt(high, 16);
  return Number.isSafeInteger(sequence) ? { sequence, salt } : null;
}
