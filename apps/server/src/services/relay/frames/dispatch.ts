import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { Unavailable } from '../../../platform/unavailable.js';
import type { Member } from '../delivery/member.js';
import type { Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';
import { acknowledge } from './ack.js';
import { alias } from './alias.js';
import { authenticate } from './auth.js';
import { relayBinary } from './binary.js';
import { clientIdOf, decodeFrame, type Frame, parseEnvelope } from './decode.js';
import { takeTokens } from './limit.js';
import { multicast } from './multicast.js';
import { presence } from './presence.js';
import { relayText, relayVolatile } from './relay.js';

const BYTES_PER_TOKEN = 8 * 1024;

/** Takes one frame of a socket: limits, shape, authentication, then the handler of its type. */
export async function takeFrame(
  relay: Relay,
  session: Session,
  data: Buffer,
  binary: boolean,
): Promise<void> {
  const envelope = binary ? null : parseEnvelope(data);
  const id = envelope?.ok ? clientIdOf(envelope) : undefined;
  try {
    const refusal = await handle(relay, session, data, envelope);
    if (refusal !== null) session.refuse(refusal, id);
  } catch (error) {
    if (error instanceof Unavailable) return session.refuse(refuse('ERR_UNAVAILABLE', { retryAfter: 1 }), id);
    relay.log.error({ err: error }, 'frame failed');
    session.refuse(
      refuse('ERR_UNAVAILABLE', {}, 'The server failed on this frame. The failure has been logged.'),
      id,
    );
  }
}

/** @param envelope null for a binary frame */
async function handle(
  relay: Relay,
  session: Session,
  data: Buffer,
  envelope: ReturnType<typeof parseEnvelope> | null,
): Promise<Refusal | null> {
  const frame = envelope?.ok ? decodeFrame(envelope) : envelope;
  const acks = frame?.ok && (frame.known === 'delivery_ack' || frame.known === 'ack');
  // An ack that frees something is paid already, by who sent the message: a flood must not cost its victim.
  const limited = acks
    ? await relay.limits.jailed(session.peer.address)
    : await takeTokens(relay, session, costOf(frame, data.length));
  if (limited?.details.jailed === true) {
    session.refuseAndEnd(limited, 'jailed');
    return null;
  }
  if (limited !== null) return limited;
  if (frame !== null && !frame.ok) return frame;
  const { member } = session;
  if (frame?.known === 'ping') return ping(session, frame.members, data.length);
  if (frame?.known === 'auth') return authenticate(relay, session, frame.members);
  if (member === null) {
    session.refuseAndEnd(refuse('ERR_UNAUTHORIZED'), 'not authenticated');
    return null;
  }
  if (frame === null) return relayBinary(relay, session, member, data);
  if (frame.known === 'delivery_ack' || frame.known === 'ack')
    return acknowledge(relay, session, member, frame.members);
  return handleMember(relay, session, member, frame, data.length);
}

async function handleMember(
  relay: Relay,
  session: Session,
  member: Member,
  frame: Frame,
  size: number,
): Promise<Refusal | null> {
  switch (frame.known) {
    case null:
      return relayText(relay, session, member, frame.type, frame.members);
    case 'relay':
    case 'send_message':
      return relayText(relay, session, member, 'msg', frame.members);
    case 'volatile_relay':
      return relayVolatile(relay, session, member, frame.members);
    case 'group_multicast':
      return multicast(relay, session, member, frame.members);
    case 'subscribe_alias':
      return alias(relay, session, member, frame.members);
    case 'presence_subscribe':
    case 'presence_allow':
    case 'presence_deny':
    case 'presence_update':
      return presence(relay, session, member, frame);
    case 'dummy_pacing':
      session.sendDummy({ type: 'dummy_ack' }, size);
      return null;
    default:
      return null;
  }
}

/** Answers `pong`, or for a dummy a `dummy_ack` as large as the request. */
function ping(
  session: Session,
  members: { timestamp?: number | string; dummy?: boolean },
  size: number,
): null {
  if (members.dummy === true) session.sendDummy({ type: 'dummy_ack' }, size);
  else
    session.sendDummy(
      { type: 'pong', ...(members.timestamp === undefined ? {} : { timestamp: members.timestamp }) },
      0,
    );
  return null;
}

/**
 * Tokens a frame costs: one per target, since a multicast must not be a way around the limit, and one per
 * 8 KiB, since otherwise one address could fill the memory of all mailboxes within a minute.
 */
function costOf(frame: ({ ok: true } & Frame) | Refusal | null, size: number): number {
  return Math.max(targetsOf(frame), Math.ceil(size / BYTES_PER_TOKEN));
}

function targetsOf(frame: ({ ok: true } & Frame) | Refusal | null): number {
  if (!frame?.ok) return 1;
  if (frame.known === 'group_multicast') return frame.members.targets.length;
  if (frame.known === 'presence_update' && Array.isArray(frame.members.to)) return frame.members.to.length;
  return 1;
}
