import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { BINARY_RECIPIENT_LENGTH } from '@blindpost/protocol/relay';
import { send } from '../commands/send.js';
import type { Member } from '../delivery/member.js';
import type { Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';
import { isIdentityHash } from '../rules/names.js';

/** A binary frame: recipient (64 lower-case hex), then the payload. Queued and acknowledged like text. */
export async function relayBinary(
  relay: Relay,
  session: Session,
  member: Member,
  data: Buffer,
): Promise<Refusal | null> {
  const to = data.toString('latin1', 0, BINARY_RECIPIENT_LENGTH);
  if (!isIdentityHash(to) || data.length === BINARY_RECIPIENT_LENGTH) {
    return refuse(
      'ERR_MALFORMED',
      { field: 'frame' },
      'A binary frame is a recipient in 64 lower-case hex and a payload.',
    );
  }
  // Copied, and not into the shared pool: what stays queued must hold neither the read buffer nor a slab.
  const payload = Buffer.allocUnsafeSlow(data.length - BINARY_RECIPIENT_LENGTH);
  data.copy(payload, 0, BINARY_RECIPIENT_LENGTH);
  const result = await send(relay, { to, kind: 'binary', type: 'msg', payload, sender: member.name });
  if (!result.ok) return result;
  session.send({ type: 'relay_success', target: to, status: result.status });
  return null;
}
