import type { Bundle, PublicBundle } from '@blindpost/protocol/e2ee';
import { isoTime } from '../../../platform/iso-time.js';
import { uuidText } from '../../../platform/sql/id.js';
import type { PreKeyRow } from '../store/claim-prekey.js';
import type { Published } from '../store/upload-keys.js';
import { base64, optionalBase64, optionalMeta, optionalText, optionalTime } from './write.js';

/** As others see it. */
export function publicBundle(row: Published, accountId: string, preKey: PreKeyRow | null): PublicBundle {
  return {
    ...shared(row, accountId),
    oneTimePreKey: preKey === null ? null : { keyId: preKey.key_id, publicKey: base64(preKey.public_key) },
  };
}

/** As its owner is answered an upload. */
export function ownBundle(
  row: Published,
  accountId: string,
  { stored, remaining }: { stored: number; remaining: number },
): Bundle {
  return {
    id: uuidText(row.id),
    ...shared(row, accountId),
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    oneTimePreKeysStored: stored,
    oneTimePreKeysRemaining: remaining,
  };
}

function shared(row: Published, accountId: string): Omit<PublicBundle, 'oneTimePreKey'> {
  const { last_resort_id: keyId, last_resort_key: publicKey } = row;
  return {
    accountId,
    algorithm: optionalText(row.algorithm) ?? '',
    identityKey: base64(row.identity_key),
    signedPreKeyId: row.signed_id,
    signedPreKey: base64(row.signed_key),
    signedPreKeySignature: base64(row.signed_signature),
    signedPreKeyExpiresAt: optionalTime(row.signed_expires_at),
    lastResortPreKey: keyId === null || publicKey === null ? null : { keyId, publicKey: base64(publicKey) },
    pqPreKeyId: row.pq_id,
    pqPreKey: optionalBase64(row.pq_key),
    pqPreKeySignature: optionalBase64(row.pq_signature),
    meta: optionalMeta(row.meta),
    verified: row.verified === 1,
  };
}
