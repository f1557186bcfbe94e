import { isCount } from '../json/format.js';
import { parseRecord } from '../json/record.js';

/** What is inside a message of a session: JSON in UTF-8. `from` is the sender's account where the service has some. */
export type Content = { readonly from?: string } & (
  | { readonly kind: 'text'; readonly id: string; readonly text: string; readonly at: number }
  | { readonly kind: 'receipt'; readonly received: readonly string[]; readonly read: readonly string[] }
  /** The sender could not read what came, and has begun a new session: what is not received is wanted again. */
  | { readonly kind: 'renew' }
);

/** Ids that one receipt holds. */
export const MAX_RECEIPT_IDS = 200;

/** The last moment that a Date can hold: what formats a later one throws. */
const MAX_TIME = 8_640_000_000_000_000;

const ID = /^[0-9a-f]{32}$/;

export function encodeContent(content: Content): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ v: 1, ...content }));
}

/** Undefined for anything that this version does not know. */
export function decodeContent(bytes: Uint8Array): Content | undefined {
  const read = parseRecord(new TextDecoder().decode(bytes));
  if (read?.v !== 1) return undefined;
  const { kind, from, id, text, at, received, read: seen } = read;
  if (from !== undefined && typeof from !== 'string') return undefined;
  const sender = from === undefined ? {} : { from };
  if (kind === 'text' && isId(id) && typeof text === 'string' && isCount(at) && at <= MAX_TIME) {
    return { ...sender, kind, id, text, at };
  }
  if (kind === 'receipt' && isIds(received) && isIds(seen)) return { ...sender, kind, received, read: seen };
  if (kind === 'renew') return { ...sender, kind };
  return undefined;
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

export function isIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= MAX_RECEIPT_IDS && value.every(isId);
}
