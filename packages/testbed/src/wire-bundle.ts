/** Bundles of the e2ee service made with node:crypto alone. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface PreKeyPair {
  keyId: number;
  publicKey: string;
}

export interface E2eeUpload {
  algorithm?: string | null;
  identityKey: string;
  signedPreKeyId: number;
  signedPreKey: string;
  signedPreKeySignature: string;
  signedPreKeyExpiresAt?: string | null;
  oneTimePreKeys?: PreKeyPair[] | null;
  lastResortPreKey?: PreKeyPair | null;
  pqPreKeyId?: number | null;
  pqPreKey?: string | null;
  pqPreKeySignature?: string | null;
  meta?: unknown;
}

/** An Ed25519 identity that signs prekeys. */
export interface E2eeIdentity {
  readonly key: string;
  /** Over the raw bytes, in Base64. */
  sign(bytes: Buffer): string;
}

export function makeE2eeIdentity(): E2eeIdentity {
  const { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject } =
    generateKeyPairSync('ed25519');
  // The raw key is the last 32 bytes of the SubjectPublicKeyInfo (RFC 8410).
  const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  return { key, sign: (bytes) => sign(null, bytes, privateKey).toString('base64') };
}

/** `count` one-time prekeys with ids from `first` on. */
export function makePreKeys(count: number, first = 101): PreKeyPair[] {
  return Array.from({ length: count }, (_, n) => ({ keyId: first + n, publicKey: preKey() }));
}

/** An upload whose signature holds, with `preKeys` one-time prekeys; `more` goes over it. */
export function makeE2eeUpload(
  preKeys = 0,
  more: Partial<E2eeUpload> = {},
  identity: E2eeIdentity = makeE2eeIdentity(),
): E2eeUpload {
  const signedPreKey = randomBytes(32);
  return {
    identityKey: identity.key,
    signedPreKeyId: 1,
    signedPreKey: signedPreKey.toString('base64'),
    signedPreKeySignature: identity.sign(signedPreKey),
    oneTimePreKeys: makePreKeys(preKeys),
    ...more,
  };
}

/** 32 random bytes, as a public key looks to the server. */
export function preKey(): string {
  return randomBytes(32).toString('base64');
}
