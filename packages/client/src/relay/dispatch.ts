import type { JsonRecord } from '../json/record.js';
import { isDeliveryState, isHash, isTargetResults } from './answers.js';
import { errorFromWire, localError, type RelayError } from './errors.js';
import type { Inbox } from './inbox.js';
import { textMessage } from './message.js';
import type { Outbox } from './outbox.js';
import type { PresenceEvent } from './presence.js';

/** Who gets what out of the server's frames. */
export interface Recipients {
  outbox: Outbox;
  inbox: Inbox;
  presence(event: PresenceEvent): void;
  failed(error: RelayError): void;
}

/** Hands a frame on; false when a member is missing or of the wrong kind. */
type Reader = (frame: JsonRecord, to: Recipients) => boolean;

const nothing: Reader = () => true;

const READERS = new Map<unknown, Reader>([
  ['delivery_status', deliveryStatus],
  ['relay_success', relaySuccess],
  ['alias_subscribed', aliasSubscribed],
  ['presence_ok', (_frame, to) => to.outbox.answeredNext('presence_ok', {})],
  ['presence_request', presenceRequest],
  ['presence_update', presenceUpdate],
  ['error', refusal],
  ['auth_success', nothing],
  ['pong', nothing],
  ['dummy_ack', nothing],
  ['dummy_pacing', nothing],
]);

/**
 * Hands one frame of the server to whom it concerns. Every member is checked by hand first: that costs next to
 * nothing per frame, and a server that sends nonsense must not bring the client down.
 */
export function dispatch(frame: JsonRecord, to: Recipients): void {
  const read = READERS.get(frame.type) ?? message;
  if (!read(frame, to)) to.failed(localError('bad_answer', { type: frame.type }));
}

/** Any other type is a message: under `msg` and its siblings, or a label of its sender's. */
function message(frame: JsonRecord, { inbox }: Recipients): boolean {
  const received = textMessage(frame);
  if (received === undefined) return false;
  inbox.receive(received);
  return true;
}

function deliveryStatus({ id, status, results }: JsonRecord, { outbox }: Recipients): boolean {
  if (isDeliveryState(status)) return outbox.answered(id, { status });
  if (isTargetResults(results)) return outbox.answered(id, { results });
  return false;
}

function relaySuccess({ target, status }: JsonRecord, { outbox }: Recipients): boolean {
  if (typeof target !== 'string' || !isDeliveryState(status)) return false;
  return outbox.answeredNext('relay_success', { status }, target);
}

function refusal(frame: JsonRecord, { outbox }: Recipients): boolean {
  outbox.refused(frame.id, errorFromWire(frame));
  return true;
}

function aliasSubscribed({ alias }: JsonRecord, { outbox }: Recipients): boolean {
  return typeof alias === 'string' && outbox.answeredNext('alias_subscribed', {}, alias);
}

function presenceRequest({ from }: JsonRecord, to: Recipients): boolean {
  if (!isHash(from)) return false;
  to.presence({ kind: 'request', from });
  return true;
}

function presenceUpdate({ from, status }: JsonRecord, to: Recipients): boolean {
  if (!isHash(from) || typeof status !== 'string') return false;
  to.presence({ kind: 'update', from, status });
  return true;
}
