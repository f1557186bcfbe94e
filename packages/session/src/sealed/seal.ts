import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes } from '@noble/ciphers/utils.js';
import { FORMAT } from '../codec/format.js';
import { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import { SessionError } from '../error.js';
import type { IdentityKeys } from '../identity/identity-keys.js';
import { MAX_MESSAGE } from '../limits.js';
import { open } from '../primitives/cipher.js';
import { agreementKeyOf } from '../primitives/ed25519.js';
import { derive } from '../primitives/kdf.js';
import { type Random, systemRandom } from '../primitives/random.js';
import { agree, createKeyPair, KEY_LENGTH } from '../primitives/x25519.js';

/** Version, format, ephemeral key, the sender's key, tag. */
const OVERHEAD = 2 + KEY_LENGTH + KEY_LENGTH + 16;
const MAX_SEALED = MAX_MESSAGE + OVERHEAD;
const LABEL = 'Blindpost sealed v1 X25519 XChaCha20-Poly1305';

export interface Unsealed {
  /** What the sender says it is. True only when the message decrypts in a session with this identity. */
  readonly senderIdentityKey: Uint8Array;
  readonly message: Uint8Array;
}

/**
 * Hides from everybody but the recipient who sent a message and of which session it is: a box from an ephemeral key
 * to the recipient's identity key, with the sender's inside. It authenticates nobody; the message in it does.
 * @param message - of `Conversation.encrypt`, or of a sender key
 * @throws SessionError `bad_key` naming the field, `too_long`
 */
export function seal(
  recipientIdentityKey: Uint8Array,
  senderIdentityKey: Uint8Array,
  message: Uint8Array,
  random: Random = systemRandom,
): Uint8Array {
  if (message.length > MAX_MESSAGE) throw new SessionError('too_long');
  if (senderIdentityKey.length !== KEY_LENGTH) throw new SessionError('bad_key', 'senderIdentityKey');
  const recipient = agreementKeyOf(recipientIdentityKey);
  const ephemeral = createKeyPair(random);
  const head = headOf(ephemeral.publicKey);
  const box = boxOf(agree(ephemeral.secret, recipient), head, recipientIdentityKey);
  return concatBytes(head, box.encrypt(concatBytes(senderIdentityKey, message)));
}

/** @throws SessionError `bad_message` when it is not for this identity or was changed */
export function unseal(self: IdentityKeys, bytes: Uint8Array): Unsealed {
  const reader = Reader.of(FORMAT.sealed, bytes, 'bad_message', MAX_SEALED);
  const ephemeral = reader.fixed(KEY_LENGTH);
  const ciphertext = reader.rest();
  const box = boxOf(agreed(self, ephemeral), headOf(ephemeral), self.publicKey);
  const inner = new Reader(open(box, ciphertext), 'bad_message');
  const senderIdentityKey = inner.fixed(KEY_LENGTH);
  return { senderIdentityKey, message: inner.rest() };
}

function agreed(self: IdentityKeys, ephemeral: Uint8Array): Uint8Array {
  try {
    return self.agree(ephemeral);
  } catch {
    throw new SessionError('bad_message');
  }
}

function headOf(ephemeral: Uint8Array): Uint8Array {
  return Writer.of(FORMAT.sealed).fixed(ephemeral).bytes();
}

/** The key serves once, so its nonce may come with it; the ephemeral key salts it. */
function boxOf(shared: Uint8Array, head: Uint8Array, recipientIdentityKey: Uint8Array) {
  const associated = concatBytes(head, recipientIdentityKey);
  const material = derive(shared, LABEL, 56, associated);
  return xchacha20poly1305(material.slice(0, 32), material.slice(32), associated);
}
