import { SessionError } from '../error.js';
import { bytesOf } from './base64.js';
import type { PeerBundle, PreKey } from './peer-bundle.js';

type Bytes = Uint8Array | string;
interface E2eePreKey {
  readonly keyId: number;
  readonly publicKey: Bytes;
}

/** The members of the e2ee service's bundle that sessions are made of: as the SDK has them, or as the wire. */
export interface E2eeBundle {
  readonly identityKey: Bytes;
  readonly signedPreKeyId: number;
  readonly signedPreKey: Bytes;
  readonly signedPreKeySignature: Bytes;
  readonly pqPreKeyId: number | null;
  readonly pqPreKey: Bytes | null;
  readonly pqPreKeySignature: Bytes | null;
  readonly oneTimePreKey: E2eePreKey | null;
  readonly lastResortPreKey: E2eePreKey | null;
}

/**
 * What `GET /keys/{accountId}/bundle` of the e2ee service answers, as a peer's bundle: with its one-time prekey, or
 * where none is left with the one of last resort. Signatures are verified when it is used.
 * @throws SessionError `bad_bundle` naming the field
 */
export function peerBundleOfE2ee(bundle: E2eeBundle): PeerBundle {
  const pqPreKey = pqPreKeyOf(bundle);
  const oneTimePreKey =
    preKeyOf(bundle.oneTimePreKey, 'oneTimePreKey') ?? preKeyOf(bundle.lastResortPreKey, 'lastResortPreKey');
  return {
    identityKey: bytesOf(bundle.identityKey, 'identityKey'),
    signedPreKey: {
      id: bundle.signedPreKeyId,
      publicKey: bytesOf(bundle.signedPreKey, 'signedPreKey'),
      signature: bytesOf(bundle.signedPreKeySignature, 'signedPreKeySignature'),
    },
    ...(pqPreKey !== undefined && { pqPreKey }),
    ...(oneTimePreKey !== undefined && { oneTimePreKey }),
  };
}

/** All three members or none: half a key is no reason to go without. */
function pqPreKeyOf({ pqPreKeyId, pqPreKey, pqPreKeySignature }: E2eeBundle) {
  if (pqPreKeyId === null && pqPreKey === null && pqPreKeySignature === null) return undefined;
  if (pqPreKeyId === null || pqPreKey === null || pqPreKeySignature === null) {
    throw new SessionError('bad_bundle', 'pqPreKey');
  }
  return {
    id: pqPreKeyId,
    publicKey: bytesOf(pqPreKey, 'pqPreKey'),
    signature: bytesOf(pqPreKeySignature, 'pqPreKeySignature'),
  };
}

function preKeyOf(key: E2eePreKey | null, field: string): PreKey | undefined {
  if (key === null) return undefined;
  return { id: key.keyId, publicKey: bytesOf(key.publicKey, `${field}.publicKey`) };
}
