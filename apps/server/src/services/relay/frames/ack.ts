import type { Refusal } from '@blindpost/protocol/errors';
import type { FrameIn } from '@blindpost/protocol/relay';
import type { Member, Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';
import { takeTokens } from './limit.js';

/** `delivery_ack`: frees messages of one's own mailbox. Acks that free nothing cost like any other frame. */
export async function acknowledge(
  relay: Relay,
  session: Session,
  member: Member,
  { ids }: FrameIn<'delivery_ack'>,
): Promise<Refusal | null> {
  const freed = await relay.store.ack(member.name, ids);
  return freed > 0 ? null : takeTokens(relay, session, 1);
}
