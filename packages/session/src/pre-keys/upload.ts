import type { KeyUpload } from '@blindpost/protocol/relay';

/** The members of the relay's upload that the SDK does not add itself. */
export type RelayUpload = Pick<KeyUpload, 'pq_identityKey' | 'signedPreKey' | 'preKeys'>;

interface E2eePreKey {
  readonly keyId: number;
  readonly publicKey: Uint8Array;
}

/** The upload of the e2ee service as its SDK takes it. */
export interface E2eeUpload {
  identityKey: Uint8Array;
  signedPreKeyId: number;
  signedPreKey: Uint8Array;
  signedPreKeySignature: Uint8Array;
  pqPreKeyId: number;
  pqPreKey: Uint8Array;
  pqPreKeySignature: Uint8Array;
  lastResortPreKey: E2eePreKey;
  oneTimePreKeys: E2eePreKey[];
}
