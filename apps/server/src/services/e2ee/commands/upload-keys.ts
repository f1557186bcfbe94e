import { type Bundle, type KeyUpload, MAX_KEY, MAX_STOCK, type PreKey } from '@blindpost/protocol/e2ee';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { uuidv7 } from '../../../platform/sql/id.js';
import { type Bearer, ownerOf } from '../accounts.js';
import type { E2ee } from '../e2ee.js';
import { isVerified } from '../rules/signed-prekey.js';
import { uploadKeys as uploadRows } from '../store/upload-keys.js';
import { ownBundle } from '../wire/bundle.js';
import { type Read, readAll, readBytes, readMeta, readText, readTime } from '../wire/read.js';

const DEFAULT_ALGORITHM = 'x25519';
/** Prekeys handed out that are remembered one by one; of those before, only the highest id. */
const SPENT = 10_000;

/** `POST /keys/upload` */
export async function uploadKeys(
  e2ee: E2ee,
  bearer: Bearer,
  body: KeyUpload,
): Promise<{ ok: true; bundle: Bundle } | Refusal> {
  const { lastResortPreKey, oneTimePreKeys } = body;
  const read = readAll({
    algorithm: readText(body.algorithm ?? DEFAULT_ALGORITHM, 'algorithm'),
    identityKey: readBytes(body.identityKey, 'identityKey', MAX_KEY),
    signedPreKey: readBytes(body.signedPreKey, 'signedPreKey', MAX_KEY),
    signature: readBytes(body.signedPreKeySignature, 'signedPreKeySignature', MAX_KEY),
    expiresAt: readTime(body.signedPreKeyExpiresAt, 'signedPreKeyExpiresAt'),
    lastResort: readOptionalKey(lastResortPreKey?.publicKey, 'lastResortPreKey.publicKey'),
    pqPreKey: readOptionalKey(body.pqPreKey, 'pqPreKey'),
    pqSignature: readOptionalKey(body.pqPreKeySignature, 'pqPreKeySignature'),
    meta: readMeta(body.meta, 'meta'),
  });
  if (!read.ok) return read;
  const preKeys = readPreKeys(oneTimePreKeys ?? []);
  if (!preKeys.ok) return preKeys;
  const { identityKey, signedPreKey, signature, algorithm, expiresAt, lastResort, ...rest } = read.value;
  const verified = isVerified(identityKey, signedPreKey, signature);
  if (!verified && e2ee.settings.E2EE_REQUIRE_SIGNED_PREKEYS) {
    return refuse('bad_signature', { field: 'signedPreKeySignature' });
  }
  const now = e2ee.clock.now();
  const bundle = {
    id: uuidv7(e2ee.clock, e2ee.random),
    algorithm: algorithm ?? new Uint8Array(),
    identity_key: identityKey,
    signed_id: body.signedPreKeyId,
    signed_key: signedPreKey,
    signed_signature: signature,
    signed_expires_at: expiresAt,
    last_resort_id: lastResortPreKey?.keyId ?? null,
    last_resort_key: lastResort,
    pq_id: body.pqPreKeyId ?? null,
    pq_key: rest.pqPreKey,
    pq_signature: rest.pqSignature,
    meta: rest.meta,
    verified: verified ? 1 : 0,
    created_at: now,
    updated_at: now,
  };
  const limits = { stock: MAX_STOCK, spent: SPENT };
  const input = { owner: ownerOf(bearer), bundle, preKeys: preKeys.keys, limits };
  const result = await e2ee.db.write(uploadRows, input);
  if (result.status === 'conflict') {
    return refuse('prekey_conflict', { field: `oneTimePreKeys.${result.item}.keyId` });
  }
  if (result.status === 'overstock') {
    const message = `At most ${MAX_STOCK} one-time prekeys may wait to be handed out.`;
    return refuse('invalid_request', { field: 'oneTimePreKeys', limit: MAX_STOCK }, message);
  }
  if ((await e2ee.queues.eraseGone([bearer.account])).length > 0) return refuse('unauthorized');
  return { ok: true, bundle: ownBundle(result.bundle, bearer.accountId, result) };
}

/** A key that may be absent, but not empty. */
function readOptionalKey(text: string | null | undefined, field: string): Read<Buffer | null> {
  return text === undefined || text === null ? { ok: true, value: null } : readBytes(text, field, MAX_KEY);
}

function readPreKeys(
  uploaded: readonly PreKey[],
): { ok: true; keys: { keyId: number; publicKey: Uint8Array }[] } | Refusal {
  const keys: { keyId: number; publicKey: Uint8Array }[] = [];
  for (const [index, { keyId, publicKey }] of uploaded.entries()) {
    const read = readBytes(publicKey, `oneTimePreKeys.${index}.publicKey`, MAX_KEY);
    if (!read.ok) return read;
    keys.push({ keyId, publicKey: read.value });
  }
  return { ok: true, keys };
}
