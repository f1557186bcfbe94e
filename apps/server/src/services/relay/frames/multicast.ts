import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { type FrameIn, isSenderType, type TargetResult } from '@blindpost/protocol/relay';
import { send, textPayload } from '../commands/send.js';
import type { Member, Session } from '../delivery/session.js';
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
  for (const [index, { body, msg_type }] of targets.entries()) {
    if (body === null)
      return refuse('ERR_MALFORMED', { field: `targets.${index}.body` }, 'body is required.');
    if (msg_type !== undefined && !isSenderType(msg_type)) {
      return refuse(
        'ERR_MALFORMED',
        { field: `targets.${index}.msg_type` },
        'This type is not a client’s to send.',
      );
    }
  }
  const results: TargetResult[] = [];
  for (const { to, body, msg_type: type = 'sealed_message' } of targets) {
    const payload = textPayload(body, senderOf(relay, member));
    const result = await send(relay, { to, kind: 'text', type, payload, sender: member.name });
    results.push(result.ok ? { to, status: result.status } : { to, status: 'refused', error: result.code });
  }
  session.send({ type: 'delivery_status', ...(id === undefined ? {} : { id }), results });
  return null;
}
