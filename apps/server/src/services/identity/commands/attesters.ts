import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { type Attester, isAttesterId, type NewAttester } from '@blindpost/protocol/identity';
import { typesOfMask } from '@blindpost/zk/entity-types';
import type { Static } from 'typebox';
import { isoTime } from '../../../platform/iso-time.js';
import type { Identity } from '../identity.js';
import { fieldText } from '../rules/field-bytes.js';
import { pointOf } from '../rules/point-bytes.js';
import { type AttesterRow, listAttesters } from '../store/attesters.js';
import { revokeAttester as write } from '../store/revoke-attester.js';

type Shown = Pick<AttesterRow, 'id' | 'name' | 'place' | 'public_key' | 'type_mask' | 'development'>;

/** An attester as anybody may see it. */
export function shownAttester(row: Shown): Static<typeof NewAttester> {
  const { x, y } = pointOf(row.public_key);
  return {
    id: row.id,
    name: row.name,
    publicKeyX: x.toString(),
    publicKeyY: y.toString(),
    index: row.place,
    types: typesOfMask(row.type_mask).map(({ code }) => code),
    ...(row.development === 1 ? { development: true } : {}),
  };
}

/** A page of approved attesters, and whether there are more. */
export async function attesters(
  { db }: Identity,
  { after, take }: { after: number; take: number },
): Promise<{ attesters: Attester[]; more: boolean }> {
  const rows = await db.read(listAttesters, { after, take: take + 1 });
  const shown = rows
    .slice(0, take)
    .map((row) => ({ ...shownAttester(row), createdAt: isoTime(row.created_at) }));
  return { attesters: shown, more: rows.length > take };
}

/** Ends an attester, and with it every root that its leaf is under. Answers the root that follows. */
export async function revokeAttester(
  { db, clock }: Identity,
  id: string,
): Promise<{ ok: true; root: string } | Refusal> {
  const revoked = isAttesterId(id) ? await db.write(write, { id, now: clock.now() }) : null;
  if (revoked === null || revoked.status === 'unknown') return refuse('attester_not_found', { field: 'id' });
  return { ok: true, root: fieldText(revoked.root) };
}
