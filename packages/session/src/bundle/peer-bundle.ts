import { SessionError } from '../error.js';
import { agreementKeyOf, SIGNATURE_LENGTH, verify } from '../primitives/ed25519.js';
import { KEM_KEY } from '../primitives/kem.js';
import { KEY_LENGTH } from '../primitives/x25519.js';

/** A published prekey; ids are integers of 32 bits. */
export interface PreKey {
  readonly id: number;
  readonly publicKey: Uint8Array;
}

export interface SignedPreKey extends PreKey {
  /** Ed25519 by the identity key over the raw public key. */
  readonly signature: Uint8Array;
}

/** A peer's published keys in one form, whatever service they came from. */
export interface PeerBundle {
  /** Raw Ed25519 key. */
  readonly identityKey: Uint8Array;
  readonly signedPreKey: SignedPreKey;
  /** ML-KEM-1024. */
  readonly pqPreKey?: SignedPreKey;
  readonly oneTimePreKey?: PreKey;
}

const MAX_ID = 0xffff_ffff;

/**
 * Looks at everything in a bundle before it is used; answers the X25519 form of its identity key.
 * @throws SessionError `bad_bundle` or `bad_signature`, naming the field
 */
export function checkBundle(bundle: PeerBundle): Uint8Array {
  const { identityKey, signedPreKey, pqPreKey, oneTimePreKey } = bundle;
  const agreementKey = identity(identityKey);
  checkSigned(identityKey, signedPreKey, KEY_LENGTH, 'signedPreKey');
  if (pqPreKey !== undefined) checkSigned(identityKey, pqPreKey, KEM_KEY, 'pqPreKey');
  if (oneTimePreKey !== undefined) checkKey(oneTimePreKey, KEY_LENGTH, 'oneTimePreKey');
  return agreementKey;
}

function identity(identityKey: Uint8Array): Uint8Array {
  try {
    return agreementKeyOf(identityKey);
  } catch {
    throw new SessionError('bad_bundle', 'identityKey');
  }
}

function checkSigned(identityKey: Uint8Array, preKey: SignedPreKey, length: number, field: string): void {
  checkKey(preKey, length, field);
  if (!isBytes(preKey.signature, SIGNATURE_LENGTH))
    throw new SessionError('bad_bundle', `${field}.signature`);
  if (!verify(preKey.signature, preKey.publicKey, identityKey)) {
    throw new SessionError('bad_signature', `${field}.signature`);
  }
}

function checkKey({ id, publicKey }: PreKey, length: number, field: string): void {
  if (!Number.isInteger(id) || id < 0 || id > MAX_ID) throw new SessionError('bad_bundle', `${field}.id`);
  if (!isBytes(publicKey, length)) throw new SessionError('bad_bundle', `${field}.publicKey`);
}

function isBytes(value: unknown, length: number): boolean {
  return value instanceof Uint8Array && value.length === length;
}
