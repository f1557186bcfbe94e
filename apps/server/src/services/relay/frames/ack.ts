import type { Refusal } from '@blindpost/protocol/errors';
import type { FrameIn } from '@blindpost/protocol/relay';
import type { Member } from '../delivery/member.js';
import type { Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';

/**
 * `delivery_ack`: frees messages of one's own mailbox. Acks that free nothing are limited, but are no
 * violation of the address: a client that acknowledges volatile messages means no harm.
 */
export async function acknowledge(
  relay: Relay,
  session: Session,
  member: Member,
  { ids }: FrameIn<'delivery_ack'>,
): Promise<Refusal | null> {
  const freed = await session.acknowledge(ids);
  if (freed > 0) return null;
  return (await relay.limits.identity(member.name, relay.buckets.frames)).refusal;
}
