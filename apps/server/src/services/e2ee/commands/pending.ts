import { DEFAULT_TAKE, type Envelope, MAX_TAKE, type PendingQuery } from '@blindpost/protocol/e2ee';
import { type Bearer, ownerOf } from '../accounts.js';
import type { E2ee } from '../e2ee.js';
import { markDelivered } from '../store/mark-delivered.js';
import { pending as pendingRows } from '../store/pending.js';
import { receivedEnvelope } from '../wire/envelope.js';

/** Bytes of one page: the largest envelopes would otherwise make an answer of 170 MB. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** `GET /messages/pending`: what waits, in order. What is answered counts as delivered. */
export async function pending(
  { db, clock }: E2ee,
  bearer: Bearer,
  query: PendingQuery,
): Promise<{ envelopes: Envelope[]; more: boolean }> {
  const take = Math.min(MAX_TAKE, Math.max(1, Number(query.take ?? DEFAULT_TAKE)));
  const after = Number(query.after ?? 0);
  const now = clock.now();
  const page = await db.read(pendingRows, { owner: ownerOf(bearer), after, take, bytes: PAGE_BYTES, now });
  const [first, last] = [page.rows[0], page.rows.at(-1)];
  if (page.queue !== null && first !== undefined && last !== undefined) {
    const span = { queue: page.queue, first: first.sequence, last: last.sequence, now };
    if (page.rows.some(({ status }) => status === 0)) await db.write(markDelivered, span);
  }
  const envelopes = page.rows.map((row) =>
    receivedEnvelope(row.status === 0 ? { ...row, status: 1, delivered_at: now } : row, bearer.accountId),
  );
  return { envelopes, more: page.more };
}
