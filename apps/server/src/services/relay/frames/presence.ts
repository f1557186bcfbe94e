import type { Refusal } from '@blindpost/protocol/errors';
import { allowPresence, askPresence, denyPresence, updatePresence } from '../commands/presence.js';
import type { Member } from '../delivery/member.js';
import type { Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';
import type { KnownFrame } from './decode.js';

type PresenceFrame = Extract<KnownFrame, { known: `presence_${string}` }>;

/** The presence frames. All answer `presence_ok`, whoever exists. */
export async function presence(
  relay: Relay,
  session: Session,
  member: Member,
  frame: PresenceFrame,
): Promise<Refusal | null> {
  const refusal = await act(relay, member, frame);
  if (refusal === null) session.send({ type: 'presence_ok' });
  return refusal;
}

async function act(relay: Relay, member: Member, frame: PresenceFrame): Promise<Refusal | null> {
  switch (frame.known) {
    case 'presence_subscribe':
      await askPresence(relay, member, frame.members.to);
      return null;
    case 'presence_allow':
      return allowPresence(relay, member, frame.members.to);
    case 'presence_deny':
      await denyPresence(relay, member, frame.members.to);
      return null;
    case 'presence_update': {
      const { status, to } = frame.members;
      return updatePresence(relay, member, status, typeof to === 'string' ? [to] : to);
    }
  }
}
