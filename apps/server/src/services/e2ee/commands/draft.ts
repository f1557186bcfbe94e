import { hash } from 'node:crypto';
import type { Send } from '@blindpost/protocol/e2ee';
import { MAX_CIPHERTEXT, MAX_HEADER, MAX_SIGNATURE } from '@blindpost/protocol/e2ee';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { uuidBytes, uuidText, uuidv7 } from '../../../platform/sql/id.js';
import type { Bearer } from '../accounts.js';
import type { E2ee } from '../e2ee.js';
import type { Draft } from '../store/deliver.js';
import { DEFAULT_DEVICE } from '../store/queue.js';
import { readAll, readBytes, readMeta, readOptionalBytes, readText, readTime } from '../wire/read.js';

/** What a row takes beside what it carries, bytes, roughly. */
const OVERHEAD = 128;

/** What stands in the request for a recipient, and what of it is to be stored. */
export type Outgoing = { recipientId: string; draft: Draft };

/**
 * Reads one envelope of a request.
 * @param at where it stands in the request, as a prefix of fields: `` or `items.3.`
 */
export function readDraft(
  e2ee: E2ee,
  bearer: Bearer,
  send: Send,
  at = '',
): ({ ok: true } & Outgoing) | Refusal {
  const account = uuidBytes(send.recipientId);
  if (account === null) return refuse('invalid_request', { field: `${at}recipientId` });
  if (Buffer.compare(account, bearer.account) === 0) {
    return refuse('self_recipient', { field: `${at}recipientId` });
  }
  const read = readAll({
    session: readText(send.sessionId, `${at}sessionId`),
    group: readText(send.groupId, `${at}groupId`),
    // An empty id names nothing.
    client: readText(send.clientMessageId || null, `${at}clientMessageId`),
    ciphertext: readBytes(send.ciphertext, `${at}ciphertext`, MAX_CIPHERTEXT, 'payload_too_large'),
    header: readOptionalBytes(send.header, `${at}header`, MAX_HEADER),
    signature: readOptionalBytes(send.signature, `${at}signature`, MAX_SIGNATURE),
    expiresAt: readTime(send.expiresAt, `${at}expiresAt`),
    meta: readMeta(send.meta, `${at}meta`),
  });
  if (!read.ok) return read;
  const { session, group, client, ciphertext, header, signature, expiresAt, meta } = read.value;
  const now = e2ee.clock.now();
  if (expiresAt !== null && expiresAt <= now) {
    return refuse('invalid_request', { field: `${at}expiresAt` }, `${at}expiresAt is in the past`);
  }
  const type = send.type ?? 0;
  const key = send.clientMessageId ? e2ee.names.message(account, bearer.account, send.clientMessageId) : null;
  const parts = [session, group, ciphertext, header, signature];
  const draft: Draft = {
    id: uuidv7(e2ee.clock, e2ee.random),
    recipient: { account, device: DEFAULT_DEVICE },
    sender: bearer.account,
    key,
    content: key === null ? null : contentOf(type, parts),
    type,
    session,
    group_id: group,
    client_id: client,
    ciphertext,
    header,
    signature,
    meta,
    size: [...parts, client, meta].reduce((sum, part) => sum + (part?.length ?? 0), OVERHEAD),
    expires_at: expiresAt,
    created_at: now,
  };
  return { ok: true, recipientId: uuidText(account), draft };
}

/** SHA-256 of what must be the same in a repeated send; lengths before the parts, so that none runs into the next. */
function contentOf(type: number, parts: readonly (Uint8Array | null)[]): Uint8Array {
  const lengths = parts.map((part) => part?.length ?? -1);
  const present = parts.filter((part) => part !== null);
  return hash('sha256', Buffer.concat([Buffer.from(`${type},${lengths.join()}\0`), ...present]), 'buffer');
}
