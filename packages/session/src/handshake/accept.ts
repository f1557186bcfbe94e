import { equalBytes } from '@noble/ciphers/utils.js';
import { SessionError } from '../error.js';
import type { IdentityKeys } from '../identity/identity-keys.js';
import type { PreKeys } from '../pre-keys/pre-keys.js';
import { agreementKeyOf } from '../primitives/ed25519.js';
import { decapsulate, kemPublicKey } from '../primitives/kem.js';
import { agree, type KeyPair } from '../primitives/x25519.js';
import type { PreKeyHeader } from './header.js';
import { type Agreement, agreementOf } from './secret.js';

/**
 * The side of PQXDH or X3DH that was begun with (3.4); `own` is its signed prekey. Nothing is spent yet: whether the
 * header is true shows when the message after it decrypts.
 * @throws SessionError `bad_message`, `pq_required`, `replayed`, `unknown_prekey`, `wrong_identity`
 */
export function accept(
  self: IdentityKeys,
  preKeys: PreKeys,
  header: PreKeyHeader,
  requirePq: boolean,
): Agreement & { own: KeyPair } {
  if (!equalBytes(preKeys.identityKey, self.publicKey)) throw new SessionError('wrong_identity', 'preKeys');
  if (equalBytes(header.identityKey, self.publicKey)) throw new SessionError('wrong_identity');
  if (requirePq && header.pq === null) throw new SessionError('pq_required');
  preKeys.admit(header);
  const own = preKeys.signed(header.signedPreKeyId);
  const oneTime = header.oneTimeId === null ? null : preKeys.oneTime(header.oneTimeId);
  const seed = header.pq === null ? null : preKeys.pqSeed(header.pq.id);
  return unforged(() => {
    const agreed = [
      agree(own.secret, agreementKeyOf(header.identityKey)),
      self.agree(header.ephemeral),
      agree(own.secret, header.ephemeral),
    ];
    if (oneTime !== null) agreed.push(agree(oneTime, header.ephemeral));
    const kemSecret = seed === null || header.pq === null ? null : decapsulate(seed, header.pq.ciphertext);
    const agreement = agreementOf({
      agreed,
      kemSecret,
      initiatorKey: header.identityKey,
      responderKey: self.publicKey,
      kemKey: seed === null ? null : kemPublicKey(seed),
    });
    return { ...agreement, own };
  });
}

/** A key in a message that cannot be used makes it a bad message. */
function unforged<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof SessionError && error.code === 'bad_key') throw new SessionError('bad_message');
    throw error;
  }
}
