import { createHash } from 'node:crypto';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { type FrameIn, signedText } from '@blindpost/protocol/relay';
import type { Peer } from '../../../platform/http/sockets.js';
import type { Member } from '../delivery/member.js';
import { notify } from '../delivery/notify.js';
import type { Relay } from '../relay.js';
import { refuseUnlessProven } from '../rules/ownership.js';
import { SESSION_TTL_MS } from '../settings.js';
import type { Name } from '../store/store.js';

export type LoggedIn = { ok: true; member: Member; token: string; expiresAt: number; keysMissing: boolean };

/**
 * Decides who a socket may be. A token counts alone; work counts only while nobody owns the hash; work and
 * a signature that binds this host and seed always count, and make the hash owned.
 */
export async function login(relay: Relay, auth: FrameIn<'auth'>, peer: Peer): Promise<LoggedIn | Refusal> {
  const name = relay.names.mailbox(auth.identity_hash);
  if (auth.session_token !== undefined) {
    const resumed = await resume(relay, name, auth.identity_hash, auth.session_token);
    if (resumed !== null) return resumed;
    if (auth.seed === undefined)
      return refuse('ERR_UNAUTHORIZED', { field: 'session_token' }, 'The token is unknown or over.');
  }
  const refusal = await payAndProve(relay, auth, peer);
  if (refusal !== null) return refusal;

  const by = auth.signature === undefined ? 'work' : 'key';
  const token = relay.random.hex(32);
  const expiresAt = relay.clock.now() + SESSION_TTL_MS;
  const admission = await relay.store.admit(name, { by, tokenHash: hashOf(token), expiresAt });
  if (admission === 'owned') {
    return refuse(
      'ERR_FORBIDDEN',
      { field: 'signature' },
      'This identity is owned: a signature is required.',
    );
  }
  // Told at every proof, not only the first: a hint that was lost then would leave a stranger's socket.
  if (by === 'key') await notify(relay.bus, name, { kind: 'owned' });
  if (admission.claimed) await relay.gate.registered();
  const { login: number, tail, generation, keysMissing } = admission;
  return {
    ok: true,
    member: { hash: auth.identity_hash, name, generation, by, login: number, tail },
    token,
    expiresAt,
    keysMissing,
  };
}

async function resume(relay: Relay, name: Name, hash: string, token: string): Promise<LoggedIn | null> {
  const tokenHash = hashOf(token);
  const found = await relay.store.resume(name, tokenHash);
  if (found === null) return null;
  const { login: number, tail, generation, by, expiresAt, keysMissing } = found;
  return {
    ok: true,
    member: { hash, name, generation, by, login: number, tail },
    token,
    expiresAt,
    keysMissing,
  };
}

/**
 * The number under which this login is the newest; null when it is over. One that was decided later may have
 * been begun earlier, by a socket of the same peer that has died since: whoever lives takes the next number.
 */
export async function newest(relay: Relay, member: Member, token: string): Promise<number | null> {
  const standing = await relay.store.standing(member.name);
  if (standing === null) return null;
  if (standing.login <= member.login) return member.login;
  return (await relay.store.resume(member.name, hashOf(token)))?.login ?? null;
}

async function payAndProve(relay: Relay, auth: FrameIn<'auth'>, peer: Peer): Promise<Refusal | null> {
  const { identity_hash, seed, nonce, identityKey, signature } = auth;
  if (seed === undefined && nonce === undefined) {
    return refuse('ERR_UNAUTHORIZED', { field: 'seed' }, 'A session token, or work, is required.');
  }
  const unpaid = await relay.gate.pay({
    seed,
    nonce: nonce === undefined ? undefined : String(nonce),
    purpose: { type: 'auth' },
    context: identity_hash,
    identity: identity_hash,
  });
  if (unpaid !== null) return unpaid;
  // Work is checked before identity; either member alone is an attempt to prove, and must succeed.
  if (identityKey === undefined && signature === undefined) return null;
  // A signature for a host that may be another server's could have been made for that one, and passed on.
  if (!peer.ownHost)
    return refuse('ERR_FORBIDDEN', { field: 'host' }, 'This server cannot vouch for that host.');
  const text = signedText.auth(peer.host, seed ?? '', identity_hash);
  return refuseUnlessProven(identity_hash, { identityKey, signature }, text);
}

/** Tokens are stored hashed: a look into the store logs nobody in. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
