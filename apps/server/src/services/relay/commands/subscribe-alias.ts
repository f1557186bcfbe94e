import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { type FrameIn, signedText } from '@blindpost/protocol/relay';
import type { Member } from '../delivery/member.js';
import { notify } from '../delivery/notify.js';
import type { Relay } from '../relay.js';
import { isIdentityHash } from '../rules/names.js';
import { refuseUnlessProven } from '../rules/ownership.js';

/** Makes messages for an alias arrive at a member. With the key that the alias is the hash of, it wins over anyone. */
export async function subscribeAlias(
  relay: Relay,
  member: Member,
  frame: FrameIn<'subscribe_alias'>,
): Promise<{ ok: true } | Refusal> {
  const { alias, seed, nonce, identityKey, signature } = frame;
  const unpaid = await relay.gate.pay({
    seed,
    nonce: String(nonce),
    purpose: { type: 'alias' },
    context: alias,
    identity: member.hash,
  });
  if (unpaid !== null) return unpaid;
  const name = relay.names.mailbox(alias);
  // Whatever looks like an identity may be one that has yet to come: its key alone speaks for it.
  const proven = isIdentityHash(alias) && alias !== member.hash;
  if (proven) {
    const refusal = refuseUnlessProven(
      alias,
      { identityKey, signature },
      signedText.alias(seed, alias, member.hash),
    );
    if (refusal !== null) return refusal;
    await relay.store.own(name);
    await notify(relay.bus, name, { kind: 'owned' });
  }
  const outcome = await relay.store.claimAlias(name, { owner: member, proven });
  if (outcome === 'taken') return refuse('ERR_TAKEN', { field: 'alias' });
  if (outcome === 'gone') return refuse('ERR_UNAUTHORIZED', {}, 'The identity was burned.');
  if (outcome === 'limit') return refuse('ERR_FORBIDDEN', { field: 'alias' }, 'Maximum alias limit reached.');
  return { ok: true };
}
