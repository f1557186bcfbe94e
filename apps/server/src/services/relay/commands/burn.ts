import type { Refusal } from '@blindpost/protocol/errors';
import { type Burn, signedText } from '@blindpost/protocol/relay';
import type { Relay } from '../relay.js';
import { isKeyOf, isSigned, refuseUnlessProven } from '../rules/ownership.js';
import { hint } from './send.js';

/** Erases every trace of an identity and closes its sockets on every instance (architecture document 4). */
export async function burn(relay: Relay, request: Burn, seed: string): Promise<{ ok: true } | Refusal> {
  const refusal = refuseUnlessProven(
    request.identity_hash,
    request,
    signedText.burn(seed, request.identity_hash),
  );
  if (refusal !== null && !isCompatible(relay, request)) return refusal;
  const name = relay.names.mailbox(request.identity_hash);
  // Sockets first: one that is still heard could write into the record that is being erased.
  await hint(relay, name, { kind: 'burned' });
  await relay.store.burn(name);
  await relay.limits.forget(name);
  await hint(relay, name, { kind: 'burned' });
  return { ok: true };
}

/** The original's signature binds no seed and can be replayed; only an operator's setting takes it. */
function isCompatible(relay: Relay, { identity_hash, identityKey, signature }: Burn): boolean {
  return (
    relay.settings.RELAY_COMPAT_SIGNATURES &&
    isKeyOf(identity_hash, identityKey) &&
    isSigned(identityKey, signature, signedText.burnCompat(identity_hash))
  );
}
