import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { FrameIn, RelayFrame } from '@blindpost/protocol/relay';
import { send, sendVolatile, textPayload } from '../commands/send.js';
import type { Member } from '../delivery/member.js';
import type { Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';
import { payloadOf } from '../rules/body.js';

/** `relay`, `send_message` and the sender's own types. */
export async function relayText(
  relay: Relay,
  session: Session,
  member: Member,
  type: string,
  frame: RelayFrame,
): Promise<Refusal | null> {
  const to = frame.to ?? frame.target_hash ?? frame.TargetHash;
  if (to === undefined) return refuse('ERR_MALFORMED', { field: 'to' }, 'to is required.');
  const body = payloadOf(frame);
  if (!body.ok) return body;
  const payload = textPayload(body.payload, senderOf(relay, member));
  if (!payload.ok) return payload;
  const result = await send(relay, { to, kind: 'text', type, payload: payload.bytes, sender: member.name });
  if (!result.ok) return result;
  session.send({ type: 'delivery_status', target: to, ...idOf(frame), status: result.status });
  return null;
}

/** `volatile_relay`: reaches who is connected now and is kept nowhere. */
export async function relayVolatile(
  relay: Relay,
  session: Session,
  member: Member,
  frame: FrameIn<'volatile_relay'>,
): Promise<Refusal | null> {
  const { to, body } = frame;
  if (body === null) return refuse('ERR_MALFORMED', { field: 'body' }, 'body is required.');
  const sender = senderOf(relay, member);
  const sized = textPayload(body, sender);
  if (!sized.ok) return sized;
  const message = {
    id: relay.random.hex(16),
    payload: body,
    volatile: true,
    ...(sender === undefined ? {} : { sender }),
  } as const;
  const live = await sendVolatile(relay, to, { type: 'msg', ...message });
  if (!live)
    return refuse('ERR_NOT_FOUND', { field: 'to' }, 'Nobody is connected there, and this is never stored.');
  session.send({ type: 'delivery_status', target: to, ...idOf(frame), status: 'delivered' });
  return null;
}

/** Sealed sender unless the operator gave it up. */
export function senderOf(relay: Relay, member: Member): string | undefined {
  return relay.settings.RELAY_COMPAT_SENDER ? member.hash : undefined;
}

function idOf<T extends { id?: string | number }>({ id }: T): { id?: string | number } {
  return id === undefined ? {} : { id };
}
