import { createPrivateKey, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** RFC 8410: the DER prefixes that make 32 raw bytes an Ed25519 SubjectPublicKeyInfo, and a PKCS #8 key. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Ed25519 over the UTF-8 of `text` (RFC 8032). Key and signature in Base64. */
export function isSigned(publicKey: string, signature: string, text: string): boolean {
  return isSignedBytes(Buffer.from(publicKey, 'base64'), Buffer.from(signature, 'base64'), Buffer.from(text));
}

/** The same of a raw key, signature and message. */
export function isSignedBytes(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  const der = Buffer.concat([SPKI_PREFIX, publicKey]);
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  } catch {
    // 32 bytes that encode no point of the curve.
    return false;
  }
}

/** The private key whose seed (RFC 8032 §5.1.5) these 32 bytes are. */
export function signingKey(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}
