import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { type FrameIn, isSenderType } from '@blindpost/protocol/relay';
import { type Outgoing, sendEach, textPayload } from '../commands/send.js';
import type { Member } from '../delivery/member.js';
import type { Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';
import { senderOf } from './relay.js';

/** `group_multicast`: one frame, up to 100 mailboxes, one answer with each target's outcome. */
export async function multicast(
  relay: Relay,
  session: Session,
  member: Member,
  frame: FrameIn<'group_multicast'>,
): Promise<Refusal | null> {
  const { targets, id } = frame;
  // Looked at as a whole before anything is sent: a bad target must not leave half a multicast behind.
  const messages: Outgoing[] = [];
  for (const [index, { to, body, msg_type: type }] of targets.entries()) {
    if (body === null)
      return refuse('ERR_MALFORMED', { field: `targets.${index}.body` }, 'body is required.');
    if (type !== undefined && !isSenderType(type)) {
      return refuse(
        'ERR_MALFORMED',
        { field: `targets.${index}.msg_type` },
        'This type is not a client’s to send.',
      );
    }
    const payload = textPayload(body, senderOf(relay, member));
    if (!payload.ok) return payload;
    messages.push({
      to,
      kind: 'text',
      type: type ?? 'sealed_message',
      payload: payload.bytes,
      sender: member.name,
    });
  }
  const results = await sendEach(relay, messages);
  session.send({ type: 'delivery_status', ...(id === undefined ? {} : { id }), results });
  return null;
}
