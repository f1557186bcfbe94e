import { createHash } from 'node:crypto';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { type KeyUpload, signedText } from '@blindpost/protocol/relay';
import { isSigned } from '../../../platform/secrets/ed25519.js';
import { notify } from '../delivery/notify.js';
import type { Relay } from '../relay.js';
import { refuseUnlessProven } from '../rules/ownership.js';

/** Publishes a signed bundle: the identity becomes owned, its prekeys are in stock. */
export async function uploadKeys(
  relay: Relay,
  upload: KeyUpload,
): Promise<{ ok: true; preKeys: number } | Refusal> {
  const { identity_hash, identityKey, pq_identityKey, signedPreKey, preKeys, bundle_signature } = upload;
  const signed = { identityKey, pq_identityKey, signedPreKey, preKeys };
  const refusal = refuseUnlessProven(
    identity_hash,
    { identityKey, signature: bundle_signature },
    bundleText(upload),
  );
  if (refusal !== null) return refusal.details.field === 'signature' ? renamed(refusal) : refusal;

  const name = relay.names.mailbox(identity_hash);
  const discoverable = upload.discoverable === true && signsDiscoverable(upload);
  const { stock, claimed } = await relay.store.putBundle(name, {
    sealed: relay.sealer.seal(
      JSON.stringify({ identity_hash, ...signed, preKeys: undefined, bundle_signature }),
    ),
    preKeys: preKeys.map((preKey) => ({
      fingerprint: fingerprint(preKey.publicKey),
      record: relay.sealer.seal(JSON.stringify(preKey)),
    })),
    discoverable: discoverable ? relay.sealer.seal(identity_hash) : null,
  });
  // Told at every proof, not only the first: a hint that was lost then would leave a stranger's socket.
  await notify(relay.bus, name, { kind: 'owned' });
  if (claimed) await relay.gate.registered();
  return { ok: true, preKeys: stock };
}

/** The text that was signed. `discoverable` is part of it only when the signature says so. */
function bundleText(upload: KeyUpload): string {
  return signsDiscoverable(upload)
    ? signedText.bundle(upload)
    : signedText.bundle({ ...upload, discoverable: undefined });
}

// A member added on the way, after signing, must not expose anyone.
function signsDiscoverable(upload: KeyUpload): boolean {
  const { identityKey, bundle_signature, discoverable } = upload;
  return discoverable !== undefined && isSigned(identityKey, bundle_signature, signedText.bundle(upload));
}

function renamed(refusal: Refusal): Refusal {
  return refuse(
    'ERR_FORBIDDEN',
    { field: 'bundle_signature' },
    refusal.message.replace('signature', 'bundle_signature'),
  );
}

function fingerprint(publicKey: string): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 32);
}
