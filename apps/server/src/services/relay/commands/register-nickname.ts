import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { type NicknameClaim, signedText } from '@blindpost/protocol/relay';
import { notify } from '../delivery/notify.js';
import type { Relay } from '../relay.js';
import { refuseUnlessProven } from '../rules/ownership.js';

/** Registers a nickname. A claim with either proof member must prove; one with neither yields to one that does. */
export async function registerNickname(
  relay: Relay,
  claim: NicknameClaim,
  seed: string,
): Promise<{ ok: true } | Refusal> {
  const { nickname, identity_hash, identityKey, signature } = claim;
  const owner = relay.names.mailbox(identity_hash);
  const proven = identityKey !== undefined || signature !== undefined;
  if (proven) {
    const text = signedText.nickname(seed, nickname, identity_hash);
    const refusal = refuseUnlessProven(identity_hash, { identityKey, signature }, text);
    if (refusal !== null) return refusal;
    await relay.store.own(owner);
    await notify(relay.bus, owner, { kind: 'owned' });
  }
  const sealed = relay.sealer.seal(JSON.stringify({ nickname, identity_hash }));
  const outcome = await relay.store.claimNickname(relay.names.nickname(nickname), { owner, proven, sealed });
  switch (outcome) {
    case 'ok':
      return { ok: true };
    case 'taken':
      return refuse('ERR_TAKEN', { field: 'nickname' });
    case 'limit':
      return refuse('ERR_FORBIDDEN', { field: 'nickname' }, 'Nickname limit reached.');
    case 'owned':
      return refuse(
        'ERR_FORBIDDEN',
        { field: 'signature' },
        'This identity is owned: a signature is required.',
      );
  }
}
