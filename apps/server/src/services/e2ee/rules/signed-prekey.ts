import { ed25519 } from '@noble/curves/ed25519.js';
import { isSignedBytes } from '../../../platform/secrets/ed25519.js';

const KEY = 32;
const SIGNATURE = 64;
/** libsignal writes a type before a Curve25519 key. */
const DJB_TYPE = 0x05;

/**
 * Whether the signature over the raw signed prekey holds under the identity key: by Ed25519 (RFC 8032), or by
 * XEdDSA (Signal's specification, revision 1), where the identity key is the X25519 one.
 */
export function isVerified(
  identityKey: Uint8Array,
  signedPreKey: Uint8Array,
  signature: Uint8Array,
): boolean {
  const key =
    identityKey.length === KEY + 1 && identityKey[0] === DJB_TYPE ? identityKey.subarray(1) : identityKey;
  if (key.length !== KEY || signature.length !== SIGNATURE) return false;
  return isSignedBytes(key, signature, signedPreKey) || isXEdDsa(key, signature, signedPreKey);
}

function isXEdDsa(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  const last = signature[SIGNATURE - 1] ?? 0;
  const edwards = edwardsOf(key, last & 0x80);
  if (edwards === null) return false;
  const plain = Uint8Array.from(signature);
  // The specification fixes the key's sign to 0; what libsignal made before carries it here.
  plain[SIGNATURE - 1] = last & 0x7f;
  return isSignedBytes(edwards, plain, message);
}

/** The Edwards point of a Montgomery one, y = (u − 1) / (u + 1), with the given sign bit; null where there is none. */
function edwardsOf(montgomery: Uint8Array, sign: number): Uint8Array | null {
  const { Fp } = ed25519.Point;
  const masked = Uint8Array.from(montgomery);
  masked[KEY - 1] = (masked[KEY - 1] ?? 0) & 0x7f;
  let u = 0n;
  for (const byte of masked.toReversed()) u = (u << 8n) | BigInt(byte);
  // The specification refuses what is not reduced.
  if (u >= Fp.ORDER || u === Fp.ORDER - 1n) return null;
  const y = Fp.toBytes(Fp.div(Fp.sub(u, 1n), Fp.add(u, 1n)));
  y[KEY - 1] = (y[KEY - 1] ?? 0) | sign;
  return y;
}
