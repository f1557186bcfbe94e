/** Identities and key bundles made with node:crypto alone, so that the tests share no code with the SDK. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface TestIdentity {
  /** SHA-256 of the raw public key, lower-case hex. */
  readonly hash: string;
  /** The raw Ed25519 public key in Base64. */
  readonly publicKey: string;
  /** Ed25519 over the UTF-8 text, in Base64. */
  sign(text: string): string;
}

/** A fresh Ed25519 identity. */
export function makeIdentity(): TestIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  // The raw key is the last 32 bytes of the SubjectPublicKeyInfo (RFC 8410).
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    hash: createHash('sha256').update(raw).digest('hex'),
    publicKey: raw.toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  };
}

/** `bytes` random bytes in Base64. */
export function randomBase64(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}

export interface BundleOptions {
  /** One-time prekeys in the bundle; default 2. */
  preKeys?: number;
  /** Id of the first prekey; default 1. */
  firstId?: number;
  /** Absent: no such member. */
  discoverable?: boolean;
}

export interface TestPreKey {
  id: number;
  publicKey: string;
}

export interface TestSignedPreKey {
  id: number;
  publicKey: string;
  signature: string;
  pq_publicKey: string;
  pq_signature: string;
}

/** The signed members of an upload, in the order the signature runs over. */
export interface TestBundle {
  identityKey: string;
  pq_identityKey: string;
  signedPreKey: TestSignedPreKey;
  preKeys: TestPreKey[];
  discoverable?: boolean;
}

export interface TestUpload extends TestBundle {
  identity_hash: string;
  bundle_signature: string;
}

/** A bundle of random keys of the right lengths: to the server all but the identity key are opaque. */
export function makeBundle(identity: TestIdentity, options: BundleOptions = {}): TestBundle {
  const first = options.firstId ?? 1;
  const publicKey = randomBase64(32);
  const pqPublicKey = randomBase64(1568);
  return {
    identityKey: identity.publicKey,
    pq_identityKey: randomBase64(1568),
    signedPreKey: {
      id: 1,
      publicKey,
      signature: identity.sign(publicKey),
      pq_publicKey: pqPublicKey,
      pq_signature: identity.sign(pqPublicKey),
    },
    preKeys: Array.from({ length: options.preKeys ?? 2 }, (_, n) => ({
      id: first + n,
      publicKey: randomBase64(32),
    })),
    ...(options.discoverable === undefined ? {} : { discoverable: options.discoverable }),
  };
}

/** Signs the bundle and puts it under the hash: the body of `POST /keys/upload`. */
export function signBundle(identity: TestIdentity, bundle: TestBundle): TestUpload {
  return { identity_hash: identity.hash, ...bundle, bundle_signature: identity.sign(JSON.stringify(bundle)) };
}
