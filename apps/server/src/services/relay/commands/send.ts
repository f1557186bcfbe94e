import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { type DeliveryState, type FrameOut, MAX_FRAME, type TargetResult } from '@blindpost/protocol/relay';
import { topicOf } from '../delivery/hint.js';
import { notify } from '../delivery/notify.js';
import type { Relay } from '../relay.js';
import { isIdentityHash } from '../rules/names.js';
import type { MessageKind } from '../store/store.js';

export type Outgoing = {
  to: string;
  kind: MessageKind;
  /** Frame type the recipient sees. */
  type: string;
  payload: Buffer;
  /** Blinded identity or address, for quotas alone. */
  sender: string;
};

/**
 * The tail of a text frame: what is stored of it, and later copied out as it stands. Refused when its JSON
 * is larger than any frame: numbers may be written out longer than they came (1e20).
 */
export function textPayload(payload: unknown, sender?: string): { ok: true; bytes: Buffer } | Refusal {
  const tail = sender === undefined ? '' : `,"sender":"${sender}"`;
  const text = `"payload":${JSON.stringify(payload)}${tail}`;
  const length = Buffer.byteLength(text);
  if (length > MAX_FRAME) return refuse('ERR_TOO_LARGE', { field: 'body' });
  // Not from the shared pool: a small message kept for weeks would hold a whole slab of it.
  const bytes = Buffer.allocUnsafeSlow(length);
  bytes.write(text);
  return { ok: true, bytes };
}

/**
 * Queues a message and wakes its recipient. Once this answers a state the message is in the mailbox and
 * stays there until it is acknowledged or its time is over.
 */
export async function send(
  relay: Relay,
  message: Outgoing,
): Promise<{ ok: true; status: DeliveryState } | Refusal> {
  const { to, kind, type, payload, sender } = message;
  const salt = relay.random.hex(8);
  const queued = { kind, type, payload, sender, salt };
  const result = await relay.store.append(relay.names.mailbox(to), queued, isIdentityHash(to));
  if (result.status === 'absent') {
    relay.counted('refused');
    return refuse('ERR_NOT_FOUND', { field: 'to' }, 'Nobody subscribed this alias.');
  }
  if (result.status === 'full') {
    relay.counted('refused');
    return refuse('ERR_QUEUE_FULL', { scope: result.scope });
  }
  const status = (await relay.waker.wake(topicOf(result.name))) > 0 ? 'delivered' : 'queued';
  relay.counted(status);
  return { ok: true, status };
}

/** Sends one after the other; a refusal of one stops none of the others. */
export async function sendEach(relay: Relay, messages: readonly Outgoing[]): Promise<TargetResult[]> {
  const results: TargetResult[] = [];
  for (const message of messages) {
    const result = await send(relay, message);
    const { to } = message;
    results.push(result.ok ? { to, status: result.status } : { to, status: 'refused', error: result.code });
  }
  return results;
}

/** Hands a frame to whoever is connected for `to` now; nothing is stored. Answers whether anybody was. */
export async function sendVolatile(relay: Relay, to: string, frame: FrameOut): Promise<boolean> {
  const name = await relay.store.route(relay.names.mailbox(to));
  const json = Buffer.from(JSON.stringify(frame));
  return (await notify(relay.bus, name, { kind: 'frame', json })) > 0;
}
