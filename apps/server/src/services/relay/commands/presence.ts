import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { Member } from '../delivery/member.js';
import type { Relay } from '../relay.js';
import { sendVolatile } from './send.js';

/** Asks a peer for leave to see its presence. The answer never tells whether the peer exists. */
export async function askPresence(relay: Relay, member: Member, peer: string): Promise<void> {
  await sendVolatile(relay, peer, { type: 'presence_request', from: member.hash });
}

/** Lets a peer see the member's presence. */
export async function allowPresence(relay: Relay, member: Member, peer: string): Promise<Refusal | null> {
  const outcome = await relay.store.grant(member, relay.names.mailbox(peer), relay.sealer.seal(peer));
  if (outcome === 'gone') return refuse('ERR_UNAUTHORIZED', {}, 'The identity was burned.');
  return outcome === 'ok' ? null : refuse('ERR_FORBIDDEN', { field: 'to' }, 'Presence grant limit reached.');
}

export async function denyPresence(relay: Relay, member: Member, peer: string): Promise<void> {
  await relay.store.revoke(member, relay.names.mailbox(peer));
}

/** Tells the live peers whom the member allowed, all or some; others named are passed over in silence. */
export async function updatePresence(
  relay: Relay,
  member: Member,
  status: string,
  peers: readonly string[] | undefined,
): Promise<Refusal | null> {
  const granted = await relay.store.granted(
    member.name,
    peers?.map((peer) => relay.names.mailbox(peer)),
  );
  // The frame itself paid for one; without `to` nobody knew before how many there are.
  const { refusal } = await relay.limits.identity(member.name, relay.buckets.frames, granted.length);
  if (refusal !== null) return refusal;
  const frame = { type: 'presence_update', from: member.hash, status } as const;
  const hashes = granted.map((sealed) => relay.sealer.open(sealed)).filter((hash) => hash !== null);
  await Promise.all(hashes.map((hash) => sendVolatile(relay, hash, frame)));
  return null;
}
