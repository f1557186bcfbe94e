import type { KeyBundle } from '@blindpost/protocol/relay';
import { bytesOf } from './base64.js';
import type { PeerBundle } from './peer-bundle.js';

/** The members of the relay's bundle that sessions are made of. */
type RelayBundle = Pick<KeyBundle, 'identityKey' | 'signedPreKey' | 'preKey'>;

/**
 * What `GET /keys/fetch` of the relay answers, as a peer's bundle. Signatures are verified when it is used.
 * @throws SessionError `bad_bundle` naming the field
 */
export function peerBundleOfRelay({ identityKey, signedPreKey, preKey }: RelayBundle): PeerBundle {
  const { id } = signedPreKey;
  return {
    identityKey: bytesOf(identityKey, 'identityKey'),
    signedPreKey: {
      id,
      publicKey: bytesOf(signedPreKey.publicKey, 'signedPreKey.publicKey'),
      signature: bytesOf(signedPreKey.signature, 'signedPreKey.signature'),
    },
    pqPreKey: {
      id,
      publicKey: bytesOf(signedPreKey.pq_publicKey, 'signedPreKey.pq_publicKey'),
      signature: bytesOf(signedPreKey.pq_signature, 'signedPreKey.pq_signature'),
    },
    ...(preKey !== null && {
      oneTimePreKey: { id: preKey.id, publicKey: bytesOf(preKey.publicKey, 'preKey.publicKey') },
    }),
  };
}
