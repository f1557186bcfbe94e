import type { Refusal } from '@blindpost/protocol/errors';
import type { FrameIn } from '@blindpost/protocol/relay';
import { subscribeAlias } from '../commands/subscribe-alias.js';
import type { Member } from '../delivery/member.js';
import type { Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';

/** `subscribe_alias` */
export async function alias(
  relay: Relay,
  session: Session,
  member: Member,
  frame: FrameIn<'subscribe_alias'>,
): Promise<Refusal | null> {
  const result = await subscribeAlias(relay, member, frame);
  if (!result.ok) return result;
  session.send({ type: 'alias_subscribed', alias: frame.alias });
  return null;
}
