import type { Refusal } from '@blindpost/protocol/errors';
import { type Burn, signedText } from '@blindpost/protocol/relay';
import { isSigned } from '../../../platform/secrets/ed25519.js';
import { notify } from '../delivery/notify.js';
import type { Relay } from '../relay.js';
import { isKeyOf, refuseUnlessProven } from '../rules/ownership.js';

/** Erases every trace of an identity and closes its sockets on every instance (architecture document 4). */
export async function burn(relay: Relay, request: Burn, seed: string): Promise<{ ok: true } | Refusal> {
  const refusal = refuseUnlessProven(
    request.identity_hash,
    request,
    signedText.burn(seed, request.identity_hash),
  );
  if (refusal !== null && !isCompatible(relay, request)) return refusal;
  const name = relay.names.mailbox(request.identity_hash);
  // Sockets first, and not without them: one that is not told would go on as if nothing had happened.
  await notify(relay.bus, name, { kind: 'burned' });
  await relay.store.burn(name);
  await relay.limits.forget(name);
  // And whoever logged in between.
  await notify(relay.bus, name, { kind: 'burned' });
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
