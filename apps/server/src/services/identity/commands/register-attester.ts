import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { RegisterAttester, RegisterAttesterAnswer } from '@blindpost/protocol/identity';
import { type EntityType, entityTypeByCode, typeMask } from '@blindpost/zk/entity-types';
import { parseNumber, SCALAR_MODULUS } from '@blindpost/zk/field';
import type { Point } from '@blindpost/zk/signature';
import { checkPossession, makeKey } from '../attester.job.js';
import type { Identity } from '../identity.js';
import { API_KEY_BYTES, apiKeyHash } from '../rules/api-key.js';
import { fieldText } from '../rules/field-bytes.js';
import { pointBytes } from '../rules/point-bytes.js';
import { type Members, readSignature } from '../rules/signature.js';
import { isFitText } from '../rules/text.js';
import { registerAttester as write } from '../store/register-attester.js';
import { shownAttester } from './attesters.js';

const WARNING = 'Store the API key securely. It cannot be retrieved again.';

/** Adds an attester to the registry and answers its API key, this once. */
export async function registerAttester(
  identity: Identity,
  body: RegisterAttester,
): Promise<{ ok: true; answer: RegisterAttesterAnswer } | Refusal> {
  const { id, name, contact, development = false } = body;
  if (development && identity.production) {
    const message = 'Development attesters attest without a key: there is none in production.';
    return refuse('forbidden', { field: 'development' }, message);
  }
  for (const [field, text] of Object.entries({ name, contact })) {
    if (text !== undefined && !isFitText(text)) {
      return refuse('invalid_request', { field }, `${field} must have no control characters`);
    }
  }
  const types = readTypes(body.allowedTypes);
  if (!types.ok) return types;
  const key = await keyOf(identity, body);
  if (!key.ok) return key;

  const apiKey = identity.random.hex(API_KEY_BYTES);
  const now = identity.clock.now();
  const mask = typeMask(types.types);
  const registered = await identity.db.write(write, {
    id,
    name,
    contact: contact ?? null,
    publicKey: key.publicKey,
    typeMask: mask,
    sealedKey: key.sealedKey,
    apiKeyHash: apiKeyHash(apiKey),
    development,
    now,
    limit: identity.settings.IDENTITY_LIMIT_ATTESTERS,
  });
  if (registered.status === 'taken') return refuse('attester_exists', { field: registered.field });
  if (registered.status === 'full') return refuse('storage_full');
  const row = {
    id,
    name,
    place: registered.place,
    public_key: key.publicKey,
    type_mask: mask,
    development: development ? 1 : 0,
  } as const;
  const answer = {
    attester: shownAttester(row),
    apiKey,
    registryRoot: fieldText(registered.root),
    warning: WARNING,
  };
  return { ok: true, answer };
}

function readTypes(codes: readonly string[]): { ok: true; types: EntityType[] } | Refusal {
  const types: EntityType[] = [];
  for (const [at, code] of codes.entries()) {
    const type = entityTypeByCode(code);
    if (type === undefined) return refuse('invalid_type', { field: `allowedTypes.${at}` });
    types.push(type);
  }
  return { ok: true, types };
}

type Key = { ok: true; publicKey: Uint8Array; sealedKey: string | null };

/** The attester's own public key, of which it proves that it has the private one; or a key of ours, sealed. */
async function keyOf(identity: Identity, body: RegisterAttester): Promise<Key | Refusal> {
  const { publicKeyX, publicKeyY, proofOfPossession, development } = body;
  if (publicKeyX === undefined && publicKeyY === undefined && proofOfPossession === undefined) {
    const made = await identity.compute.run(makeKey, null);
    if (!made.ok) return refuse('unavailable', { retryAfter: made.retryAfter });
    const publicKey = pointBytes(made.value.publicKey);
    return { ok: true, publicKey, sealedKey: identity.keys.seal(publicKey, made.value.key) };
  }
  if (development === true) {
    const message = 'The server signs for a development attester, with a key of its own.';
    return refuse('invalid_request', { field: 'development' }, message);
  }
  const read = readOwnKey({ publicKeyX, publicKeyY }, proofOfPossession);
  if (!read.ok) return read;
  const { publicKey, signature } = read;
  const checked = await identity.compute.run(checkPossession, { id: body.id, publicKey, signature });
  if (!checked.ok) return refuse('unavailable', { retryAfter: checked.retryAfter });
  if (checked.value === 'no key') {
    const message = 'publicKeyX and publicKeyY must be a point of the subgroup of Baby Jubjub.';
    return refuse('invalid_request', { field: 'publicKeyX' }, message);
  }
  if (checked.value === 'not theirs') {
    const message = 'proofOfPossession does not verify.';
    return refuse('invalid_request', { field: 'proofOfPossession' }, message);
  }
  return { ok: true, publicKey: pointBytes(publicKey), sealedKey: null };
}

function readOwnKey(
  given: { publicKeyX: string | undefined; publicKeyY: string | undefined },
  proof: Members | undefined,
):
  | { ok: true; publicKey: Point; signature: Parameters<typeof checkPossession.run>[0]['signature'] }
  | Refusal {
  const x = parseNumber(given.publicKeyX, SCALAR_MODULUS);
  const y = parseNumber(given.publicKeyY, SCALAR_MODULUS);
  if (x === undefined || y === undefined) {
    const field = x === undefined ? 'publicKeyX' : 'publicKeyY';
    return refuse('invalid_request', { field }, `${field} must be a number of the field`);
  }
  if (proof === undefined) {
    const field = 'proofOfPossession';
    return refuse('invalid_request', { field }, `${field} is required with a public key`);
  }
  const signature = readSignature(proof, 'proofOfPossession.');
  return signature.ok ? { ok: true, publicKey: { x, y }, signature: signature.signature } : signature;
}
