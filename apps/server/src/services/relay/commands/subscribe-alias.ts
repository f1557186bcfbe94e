import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { type FrameIn, signedText } from '@blindpost/protocol/relay';
import type { Member } from '../delivery/session.js';
import type { Relay } from '../relay.js';
import { refuseUnlessProven } from '../rules/ownership.js';
import { hint } from './send.js';

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
  const proven = identityKey !== undefined || signature !== undefined;
  if (proven) {
    const refusal = refuseUnlessProven(
      alias,
      { identityKey, signature },
      signedText.alias(seed, alias, member.hash),
    );
    if (refusal !== null) return refusal;
    const { claimed } = await relay.store.own(name);
    if (claimed) await hint(relay, name, { kind: 'owned' });
  } else if (name !== member.name && (await relay.store.isOwned(name))) {
    return refuse(
      'ERR_FORBIDDEN',
      { field: 'signature' },
      'This alias is an owned identity: its signature is required.',
    );
  }
  const outcome = await relay.store.claimAlias(name, { owner: member.name, proven });
  if (outcome === 'taken') return refuse('ERR_TAKEN', { field: 'alias' });
  if (outcome === 'limit') return refuse('ERR_FORBIDDEN', { field: 'alias' }, 'Maximum alias limit reached.');
  return { ok: true };
}
