import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { FrameIn } from '@blindpost/protocol/relay';
import { login } from '../commands/login.js';
import type { Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';

/** `auth`: the first frame after it is `auth_success`, or an error and the close. */
export async function authenticate(
  relay: Relay,
  session: Session,
  auth: FrameIn<'auth'>,
): Promise<Refusal | null> {
  if (session.member !== null)
    return refuse('ERR_MALFORMED', { field: 'type' }, 'This socket is authenticated already.');
  if (auth.profile !== undefined && auth.profile !== 'jitter') {
    // Never silently another profile: the client would believe it is hidden.
    return refuse('ERR_MALFORMED', { field: 'profile' }, 'This server offers the profile jitter only.');
  }
  const result = await login(relay, auth, {
    host: session.peer.host,
    listen: (name) => session.listen(name),
    isOpen: () => session.open,
  });
  if (!result.ok) {
    session.refuseAndEnd(result, 'not authenticated');
    return null;
  }
  const { member, token, expiresAt, keysMissing } = result;
  session.admit(member, {
    type: 'auth_success',
    identity_hash: member.hash,
    session_token: token,
    expires_at_ms: expiresAt,
    keys_missing: keysMissing,
  });
  return null;
}
