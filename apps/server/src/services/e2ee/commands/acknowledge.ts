import type { Ack, Envelope } from '@blindpost/protocol/e2ee';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { uuidBytes } from '../../../platform/sql/id.js';
import { type Bearer, ownerOf } from '../accounts.js';
import type { E2ee } from '../e2ee.js';
import { queueLimits } from '../settings.js';
import { acknowledge as acknowledgeRows } from '../store/acknowledge.js';
import { findEnvelope } from '../store/find-envelope.js';
import { trim } from '../store/sweep.js';
import { receivedEnvelope } from '../wire/envelope.js';

/** Rows that are forgotten in one transaction. */
const TRIM_STEP = 500;

/** `POST /messages/ack`: how many of one's own envelopes this acknowledged. */
export async function acknowledge(
  e2ee: E2ee,
  bearer: Bearer,
  { ids, upTo }: Ack,
): Promise<{ ok: true; acknowledged: number } | Refusal> {
  if (upTo === undefined) {
    if (ids === undefined)
      return refuse('invalid_request', { field: 'ids' }, 'One of ids and upTo is required.');
    return book(e2ee, bearer, { ids: ids.flatMap((id) => uuidBytes(id) ?? []) });
  }
  if (ids !== undefined)
    return refuse('invalid_request', { field: 'upTo' }, 'ids and upTo exclude each other.');
  return book(e2ee, bearer, { upTo });
}

/** `POST /messages/{envelopeId}/ack`. Another's envelope is as unknown as one that never was. */
export async function acknowledgeOne(
  e2ee: E2ee,
  bearer: Bearer,
  envelopeId: string,
): Promise<{ ok: true; envelope: Envelope } | Refusal> {
  const id = uuidBytes(envelopeId);
  if (id === null) return refuse('not_found', { field: 'envelopeId' });
  await book(e2ee, bearer, { ids: [id] });
  const row = await e2ee.db.read(findEnvelope, { owner: ownerOf(bearer), id });
  if (row === null) return refuse('not_found', { field: 'envelopeId' });
  return { ok: true, envelope: receivedEnvelope(row, bearer.accountId) };
}

async function book(
  e2ee: E2ee,
  bearer: Bearer,
  by: { ids: readonly Uint8Array[] } | { upTo: number },
): Promise<{ ok: true; acknowledged: number }> {
  const { db, clock, settings } = e2ee;
  const booked = await db.write(acknowledgeRows, { owner: ownerOf(bearer), by, now: clock.now() });
  const { envelopes, bytes } = queueLimits(settings);
  const over =
    (envelopes > 0 && booked.kept > envelopes + TRIM_STEP) || (bytes > 0 && booked.keptBytes > bytes);
  // A day's worth of what a busy device acknowledges could be without bound.
  if (over && booked.queue !== null) void trimQueue(e2ee, booked.queue);
  return { ok: true, acknowledged: booked.count };
}

async function trimQueue({ db, clock, settings, log }: E2ee, queue: number): Promise<void> {
  const unbounded = (bound: number) => (bound > 0 ? bound : Number.MAX_SAFE_INTEGER);
  const { envelopes, bytes } = queueLimits(settings);
  const bounds = { envelopes: unbounded(envelopes), bytes: unbounded(bytes) };
  try {
    while (await db.write(trim, { queue, ...bounds, limit: TRIM_STEP, now: clock.now() }));
  } catch (err) {
    log.warn({ err }, 'acknowledged envelopes stay until they are swept');
  }
}
