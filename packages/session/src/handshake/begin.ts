import { equalBytes } from '@noble/ciphers/utils.js';
import { checkBundle, type PeerBundle, type SignedPreKey } from '../bundle/peer-bundle.js';
import { SessionError } from '../error.js';
import type { IdentityKeys } from '../identity/identity-keys.js';
import { encapsulate } from '../primitives/kem.js';
import type { Random } from '../primitives/random.js';
import { agree, createKeyPair } from '../primitives/x25519.js';
import type { PreKeyHeader } from './header.js';
import { type Agreement, agreementOf } from './secret.js';

/**
 * The side of PQXDH or X3DH that begins (3.3).
 * @throws SessionError `bad_bundle`, `bad_signature`, `pq_required`; `wrong_identity` for one's own bundle
 */
export function begin(
  self: IdentityKeys,
  peer: PeerBundle,
  requirePq: boolean,
  random: Random,
): Agreement & { header: PreKeyHeader } {
  const agreementKey = checkBundle(peer);
  // With oneself, a message thrown back could not be told from an answer.
  if (equalBytes(peer.identityKey, self.publicKey)) throw new SessionError('wrong_identity');
  if (requirePq && peer.pqPreKey === undefined) throw new SessionError('pq_required');
  const { signedPreKey, oneTimePreKey } = peer;
  const ephemeral = createKeyPair(random);
  const agreed = [
    named('signedPreKey.publicKey', () => self.agree(signedPreKey.publicKey)),
    agree(ephemeral.secret, agreementKey),
    agree(ephemeral.secret, signedPreKey.publicKey),
  ];
  if (oneTimePreKey !== undefined) {
    agreed.push(named('oneTimePreKey.publicKey', () => agree(ephemeral.secret, oneTimePreKey.publicKey)));
  }
  const kem = peer.pqPreKey === undefined ? null : encapsulateTo(peer.pqPreKey, random);
  const agreement = agreementOf({
    agreed,
    kemSecret: kem?.secret ?? null,
    initiatorKey: self.publicKey,
    responderKey: peer.identityKey,
    kemKey: peer.pqPreKey?.publicKey ?? null,
  });
  const header = {
    identityKey: self.publicKey,
    ephemeral: ephemeral.publicKey,
    signedPreKeyId: signedPreKey.id,
    pq: kem === null ? null : { id: kem.id, ciphertext: kem.ciphertext },
    oneTimeId: oneTimePreKey?.id ?? null,
  };
  return { ...agreement, header };
}

function encapsulateTo({ id, publicKey }: SignedPreKey, random: Random) {
  return { id, ...named('pqPreKey.publicKey', () => encapsulate(publicKey, random)) };
}

/** A key that cannot be used is a fault of the bundle's field that it stands in. */
function named<T>(field: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof SessionError) throw new SessionError('bad_bundle', field);
    throw error;
  }
}
