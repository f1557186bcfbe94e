import type { DeliveryStatus, Envelope, EnvelopeType, PushedEnvelope } from '@blindpost/protocol/e2ee';
import { isoTime } from '../../../platform/iso-time.js';
import { uuidText } from '../../../platform/sql/id.js';
import type { EnvelopeRow } from '../store/envelope.js';
import { base64, optionalBase64, optionalMeta, optionalText, optionalTime } from './write.js';

/** What is carried of an envelope, without the queue it lies in. */
export type Carried = Omit<EnvelopeRow, 'queue' | 'status' | 'delivered_at' | 'acked_at'>;

/** As a socket is pushed it. */
export function pushedEnvelope(row: Carried, recipientId: string): PushedEnvelope {
  return {
    id: uuidText(row.id),
    senderId: uuidText(row.sender),
    recipientId,
    sessionId: optionalText(row.session),
    // Only what the schema let in was stored.
    type: row.type as EnvelopeType,
    groupId: optionalText(row.group_id),
    clientMessageId: optionalText(row.client_id),
    sequence: row.sequence,
    ciphertext: base64(row.ciphertext),
    header: optionalBase64(row.header),
    signature: optionalBase64(row.signature),
    meta: optionalMeta(row.meta),
    createdAt: isoTime(row.created_at),
  };
}

/** As its recipient sees it. */
export function receivedEnvelope(row: EnvelopeRow, recipientId: string): Envelope {
  return whole(row, recipientId, {
    deliveryStatus: row.status as DeliveryStatus,
    deliveredAt: optionalTime(row.delivered_at),
    ackedAt: optionalTime(row.acked_at),
  });
}

/** As its sender sees it: nobody learns from a repeated send whether the other has read. */
export function sentEnvelope(row: Carried, recipientId: string): Envelope {
  return whole(row, recipientId, { deliveryStatus: 0, deliveredAt: null, ackedAt: null });
}

function whole(
  row: Carried,
  recipientId: string,
  state: Pick<Envelope, 'deliveryStatus' | 'deliveredAt' | 'ackedAt'>,
): Envelope {
  const pushed = pushedEnvelope(row, recipientId);
  // Member by member: to spread an object of so many takes longer than to make it.
  return {
    id: pushed.id,
    senderId: pushed.senderId,
    recipientId,
    sessionId: pushed.sessionId,
    type: pushed.type,
    groupId: pushed.groupId,
    clientMessageId: pushed.clientMessageId,
    sequence: pushed.sequence,
    ciphertext: pushed.ciphertext,
    header: pushed.header,
    signature: pushed.signature,
    deliveryStatus: state.deliveryStatus,
    deliveredAt: state.deliveredAt,
    ackedAt: state.ackedAt,
    expiresAt: optionalTime(row.expires_at),
    meta: pushed.meta,
    createdAt: pushed.createdAt,
  };
}
