import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { FrameIn } from '@blindpost/protocol/relay';
import { Unavailable } from '../../../platform/unavailable.js';
import { login, newest } from '../commands/login.js';
import { stands } from '../delivery/member.js';
import { notify } from '../delivery/notify.js';
import type { Session } from '../delivery/session.js';
import type { Relay } from '../relay.js';

/** `auth`: the first frame after it is `auth_success`, or an error and the close. */
export async function authenticate(
  relay: Relay,
  session: Session,
  auth: FrameIn<'auth'>,
): Promise<Refusal | null> {
  if (session.member !== null) {
    return refuse('ERR_MALFORMED', { field: 'type' }, 'This socket is authenticated already.');
  }
  if (auth.profile !== undefined && auth.profile !== 'jitter') {
    // Never silently another profile: the client would believe it is hidden.
    return refuse('ERR_MALFORMED', { field: 'profile' }, 'This server offers the profile jitter only.');
  }
  try {
    await enter(relay, session, auth);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    // Half a login may listen already; only a new socket starts clean.
    session.refuseAndEnd(refuse('ERR_UNAVAILABLE', { retryAfter: 1 }), 'not authenticated');
  }
  return null;
}

async function enter(relay: Relay, session: Session, auth: FrameIn<'auth'>): Promise<void> {
  const result = await login(relay, auth, session.peer);
  if (!result.ok) {
    session.refuseAndEnd(result, 'not authenticated');
    return;
  }
  const { member, token, expiresAt, keysMissing } = result;
  await session.listen(member);
  // Between the decision and the first hint that is heard, the owner may have come, or burned, or logged in anew.
  const current = (await stands(relay.store, member)) ? await newest(relay, member, token) : null;
  if (current === null) {
    session.refuseAndEnd(refuse('ERR_UNAUTHORIZED'), 'superseded');
    return;
  }
  session.renumber(current);
  // A socket that died meanwhile replaces nobody: its peer may be back already, on a newer one.
  if (!session.open) return;
  await notify(relay.bus, member.name, { kind: 'login', login: current });
  session.welcome({
    type: 'auth_success',
    identity_hash: member.hash,
    session_token: token,
    expires_at_ms: expiresAt,
    keys_missing: keysMissing,
  });
}
