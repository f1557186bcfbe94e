import type { Refusal } from '@blindpost/protocol/errors';
import type { Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';

/** Takes `cost` tokens of the socket's address and of its identity; the refusal when one has too few. */
export async function takeTokens(relay: Relay, session: Session, cost: number): Promise<Refusal | null> {
  const { limits, buckets } = relay;
  const byAddress = await limits.address(session.peer.address, buckets.frames, cost);
  const name = session.member?.name;
  if (byAddress.refusal !== null || name === undefined) return byAddress.refusal;
  return (await limits.identity(name, buckets.frames, cost)).refusal;
}
