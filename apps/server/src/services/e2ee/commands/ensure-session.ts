import type { Session, SessionRequest } from '@blindpost/protocol/e2ee';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { isoTime } from '../../../platform/iso-time.js';
import { uuidBytes, uuidText, uuidv7 } from '../../../platform/sql/id.js';
import type { Bearer } from '../accounts.js';
import type { E2ee } from '../e2ee.js';
import { orderedPair } from '../rules/pair.js';
import { ensureSession as ensureRow, type SessionRow } from '../store/ensure-session.js';
import { readAll, readMeta, readText } from '../wire/read.js';
import { optionalMeta, optionalText, optionalTime } from '../wire/write.js';

/** `POST /sessions/{peerId}` */
export async function ensureSession(
  e2ee: E2ee,
  bearer: Bearer,
  peerId: string,
  body: SessionRequest,
): Promise<{ ok: true; session: Session } | Refusal> {
  const peer = uuidBytes(peerId);
  if (peer === null) return refuse('not_found', { field: 'peerId' });
  if (Buffer.compare(peer, bearer.account) === 0) return refuse('self_recipient', { field: 'peerId' });
  const read = readAll({ hint: readText(body.hint, 'hint'), meta: readMeta(body.meta, 'meta') });
  if (!read.ok) return read;
  if ((await e2ee.accounts.missing([peer])).length > 0) {
    return refuse('not_found', { field: 'peerId' }, 'No account has this id.');
  }
  const row = await e2ee.db.write(ensureRow, {
    ...orderedPair(bearer.account, peer),
    ...read.value,
    id: uuidv7(e2ee.clock, e2ee.random),
    initiatedBy: bearer.account,
    now: e2ee.clock.now(),
  });
  if ((await e2ee.queues.eraseGone([bearer.account, peer])).length > 0) {
    return refuse('not_found', { field: 'peerId' }, 'No account has this id.');
  }
  e2ee.talks.forget(bearer.account, peer);
  return { ok: true, session: sessionOf(row) };
}

function sessionOf(row: SessionRow): Session {
  return {
    id: uuidText(row.id),
    accountAId: uuidText(row.account_a),
    accountBId: uuidText(row.account_b),
    initiatedById: uuidText(row.initiated_by),
    lastMessageAt: optionalTime(row.last_message_at),
    hint: optionalText(row.hint),
    meta: optionalMeta(row.meta),
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}
