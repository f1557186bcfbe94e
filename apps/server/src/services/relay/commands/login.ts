import { createHash } from 'node:crypto';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { type FrameIn, signedText } from '@blindpost/protocol/relay';
import type { Member } from '../delivery/session.js';
import type { Relay } from '../relay.js';
import { refuseUnlessProven } from '../rules/ownership.js';
import { SESSION_TTL_MS } from '../settings.js';
import type { Name } from '../store/store.js';
import { hint } from './send.js';

export type LoggedIn = { ok: true; member: Member; token: string; expiresAt: number; keysMissing: boolean };

/** The socket that asks to be let in. */
export type Applicant = {
  /** Host header, as dialled. */
  host: string;
  /** Called before the decision, so that a hint that follows from it cannot be missed. */
  listen(name: Name): Promise<void>;
  /** False once the peer is gone. */
  isOpen(): boolean;
};

/**
 * Decides who a socket may be. A token counts alone; work counts only while nobody owns the hash; work and
 * a signature that binds this host and seed always count, and make the hash owned.
 */
export async function login(
  relay: Relay,
  auth: FrameIn<'auth'>,
  applicant: Applicant,
): Promise<LoggedIn | Refusal> {
  const name = relay.names.mailbox(auth.identity_hash);
  if (auth.session_token !== undefined) {
    const resumed = await resume(relay, name, auth.identity_hash, auth.session_token, applicant);
    if (resumed !== null) return resumed;
    if (auth.seed === undefined)
      return refuse('ERR_UNAUTHORIZED', { field: 'session_token' }, 'The token is unknown or over.');
  }
  const refusal = await payAndProve(relay, auth, applicant.host);
  if (refusal !== null) return refusal;

  await applicant.listen(name);
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
  if (admission.claimed) {
    await hint(relay, name, { kind: 'owned' });
    await relay.gate.registered();
  }
  const { login: number, tail, keysMissing } = admission;
  await replaceOlder(relay, name, number, applicant);
  return {
    ok: true,
    member: { hash: auth.identity_hash, name, by, login: number, tail },
    token,
    expiresAt,
    keysMissing,
  };
}

async function resume(
  relay: Relay,
  name: Name,
  hash: string,
  token: string,
  applicant: Applicant,
): Promise<LoggedIn | null> {
  const tokenHash = hashOf(token);
  await applicant.listen(name);
  const found = await relay.store.resume(name, tokenHash);
  if (found === null) return null;
  const { login: number, tail, by, expiresAt, keysMissing } = found;
  await replaceOlder(relay, name, number, applicant);
  return { ok: true, member: { hash, name, by, login: number, tail }, token, expiresAt, keysMissing };
}

/** Closes older sockets, unless this one died meanwhile: the peer may be back already, on a newer socket. */
async function replaceOlder(relay: Relay, name: Name, number: number, applicant: Applicant): Promise<void> {
  if (applicant.isOpen()) await hint(relay, name, { kind: 'login', login: number });
}

async function payAndProve(relay: Relay, auth: FrameIn<'auth'>, host: string): Promise<Refusal | null> {
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
  const text = signedText.auth(host, seed ?? '', identity_hash);
  return refuseUnlessProven(identity_hash, { identityKey, signature }, text);
}

/** Tokens are stored hashed: a look into the store logs nobody in. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
