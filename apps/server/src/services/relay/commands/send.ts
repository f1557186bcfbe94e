import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { DeliveryState, FrameOut } from '@blindpost/protocol/relay';
import { Unavailable } from '../../../platform/unavailable.js';
import { encodeHint, type Hint, topicOf } from '../delivery/hint.js';
import type { Relay } from '../relay.js';
import { isIdentityHash } from '../rules/names.js';
import type { MessageKind, Name } from '../store/store.js';

export type Outgoing = {
  to: string;
  kind: MessageKind;
  /** Frame type the recipient sees. */
  type: string;
  payload: Buffer;
  /** Blinded identity or address, for quotas alone. */
  sender: string;
};

/** The tail of a text frame: what is stored of it, and later copied out as it stands. */
export function textPayload(payload: unknown, sender?: string): Buffer {
  const tail = sender === undefined ? '' : `,"sender":"${sender}"`;
  return Buffer.from(`"payload":${JSON.stringify(payload)}${tail}`);
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
  const live = await hint(relay, result.name, { kind: 'mail' });
  const status = live ? 'delivered' : 'queued';
  relay.counted(status);
  return { ok: true, status };
}

/** Hands a frame to whoever is connected for `to` now; nothing is stored. Answers whether anybody was. */
export async function sendVolatile(relay: Relay, to: string, frame: FrameOut): Promise<boolean> {
  const name = await relay.store.route(relay.names.mailbox(to));
  const json = Buffer.from(JSON.stringify(frame));
  return (await relay.bus.publish(topicOf(name), encodeHint({ kind: 'frame', json }))) > 0;
}

/** Tells the sockets of an identity; whether any instance listened. A silent bus only delays: the store has it. */
export async function hint(relay: Relay, name: Name, what: Hint): Promise<boolean> {
  try {
    return (await relay.bus.publish(topicOf(name), encodeHint(what))) > 0;
  } catch (error) {
    if (error instanceof Unavailable) return false;
    throw error;
  }
}
