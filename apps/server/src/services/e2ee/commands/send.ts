import type { Distribute, Envelope, Send } from '@blindpost/protocol/e2ee';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { Bearer } from '../accounts.js';
import type { E2ee } from '../e2ee.js';
import { queueLimits } from '../settings.js';
import { type Delivered, deliver, type Stored } from '../store/deliver.js';
import { sentEnvelope } from '../wire/envelope.js';
import { type Outgoing, readDraft } from './draft.js';

export type Sent = { ok: true; envelope: Envelope } | Refusal;

/** `POST /messages`: answers once the envelope is on disk. */
export async function send(e2ee: E2ee, bearer: Bearer, body: Send): Promise<Sent> {
  const admitted = await admit(e2ee, bearer, body);
  return admitted.ok ? store(e2ee, bearer, admitted.outgoing) : admitted;
}

/** What comes before the store is asked: kept apart, so that a socket's envelopes can go one after the other. */
export async function admit(
  e2ee: E2ee,
  bearer: Bearer,
  body: Send,
): Promise<{ ok: true; outgoing: Outgoing } | Refusal> {
  const outgoing = readDraft(e2ee, bearer, body);
  if (!outgoing.ok) return outgoing;
  const limited = await limit(e2ee, bearer, 1);
  if (limited !== null) return limited;
  // Here and not when the store asks for it: later envelopes would overtake the one that waits for its queue.
  const missing = await e2ee.queues.open([outgoing.draft.recipient]);
  return missing === null ? { ok: true, outgoing } : unknownRecipient('recipientId');
}

export async function store(e2ee: E2ee, bearer: Bearer, outgoing: Outgoing): Promise<Sent> {
  const result = await e2ee.turnstile.pass(outgoing.recipientId, () =>
    storeAll(e2ee, bearer, [outgoing], () => 'recipientId'),
  );
  if (!result.ok) return result;
  const [stored] = result.stored;
  if (stored === undefined) throw new Error('one envelope was given and none came back');
  return { ok: true, envelope: answerOf(stored, outgoing) };
}

/** `POST /groups/sender-key/distribute`: all items or none. */
export async function distribute(
  e2ee: E2ee,
  bearer: Bearer,
  { groupId, expiresAt, items }: Distribute,
): Promise<{ ok: true; sent: number } | Refusal> {
  const outgoing: Outgoing[] = [];
  for (const [index, item] of items.entries()) {
    const body: Send = { ...item, type: 1, groupId };
    const read = readDraft(
      e2ee,
      bearer,
      expiresAt === undefined ? body : { ...body, expiresAt },
      `items.${index}.`,
    );
    // What all items share is at fault itself.
    if (!read.ok) return withoutItem(read);
    outgoing.push(read);
  }
  const limited = await limit(e2ee, bearer, items.length);
  if (limited !== null) return limited;
  const result = await storeAll(e2ee, bearer, outgoing, (item) => `items.${item}.recipientId`);
  return result.ok ? { ok: true, sent: result.stored.length } : result;
}

async function storeAll(
  e2ee: E2ee,
  bearer: Bearer,
  outgoing: readonly Outgoing[],
  fieldOf: (item: number) => string,
): Promise<{ ok: true; stored: readonly Stored[] } | Refusal> {
  const input = { drafts: outgoing.map(({ draft }) => draft), limits: queueLimits(e2ee.settings) };
  let result: Delivered = await e2ee.db.write(deliver, input);
  if (result.status === 'unknown') {
    const owners = outgoing.map(({ draft }) => draft.recipient);
    e2ee.queues.forget(owners);
    const item = await e2ee.queues.open(owners);
    result = item === null ? await e2ee.db.write(deliver, input) : { status: 'unknown', item };
  }
  if (result.status !== 'ok') {
    e2ee.counted('refused');
    return refusalOf(result, fieldOf(result.item));
  }
  for (const [index, { recipientId, draft }] of outgoing.entries()) {
    const fresh = result.stored[index]?.kind === 'stored';
    e2ee.counted(fresh ? 'stored' : 'replayed');
    if (!fresh) continue;
    e2ee.mail.came(recipientId);
    e2ee.talks.note(bearer.account, draft.recipient.account);
  }
  return { ok: true, stored: result.stored };
}

async function limit(e2ee: E2ee, bearer: Bearer, cost: number): Promise<Refusal | null> {
  const name = e2ee.names.account(bearer);
  return (await e2ee.limits.identity(name, e2ee.buckets.sends, cost)).refusal;
}

function refusalOf(result: Exclude<Delivered, { status: 'ok' }>, field: string): Refusal {
  switch (result.status) {
    case 'unknown':
      return unknownRecipient(field);
    case 'mismatch': {
      const id = field.replace(/recipientId$/, 'clientMessageId');
      const message = 'This clientMessageId was used for another message to this recipient.';
      return refuse('idempotency_mismatch', { field: id }, message);
    }
    case 'full':
      return refuse('queue_full', { field, scope: result.scope });
  }
}

function unknownRecipient(field: string): Refusal {
  return refuse('not_found', { field }, 'No account has this id.');
}

function withoutItem(refusal: Refusal): Refusal {
  const field = refusal.details.field?.replace(/^items\.\d+\.(groupId|expiresAt)$/, '$1');
  return field === undefined ? refusal : { ...refusal, details: { ...refusal.details, field } };
}

/** The first answer again, also where the envelope itself is gone: then it is told from what was repeated. */
function answerOf(stored: Stored, { recipientId, draft }: Outgoing): Envelope {
  switch (stored.kind) {
    case 'stored':
      return sentEnvelope({ ...draft, sequence: stored.sequence }, recipientId);
    case 'replay':
      return sentEnvelope(stored.row, recipientId);
    case 'spent': {
      const { id, sequence, created_at } = stored.spent;
      return sentEnvelope({ ...draft, id, sequence, created_at }, recipientId);
    }
  }
}
