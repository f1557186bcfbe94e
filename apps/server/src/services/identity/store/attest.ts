import type { MerklePath } from '@blindpost/protocol/identity';
import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { uuidText } from '../../../platform/sql/id.js';
import { fieldText } from '../rules/field-bytes.js';
import { appendAudit } from './audit.js';
import { type Head, lockHead, saveHead } from './head.js';
import { readPath } from './nodes.js';
import type { IdentitySchema } from './schema.js';

export type NewAttestation = {
  id: Uint8Array;
  /** Place of the attester. */
  attester: number;
  claim: Uint8Array;
  /** The type, for the audit trail. */
  typeCode: number;
  expiresAt: number | null;
  now: number;
};

export type Attested = { status: 'ok'; path: MerklePath; root: string } | { status: 'revoked' };

/**
 * Puts an attestation on record, and answers the path of its attester. The commitment is not told in the audit trail:
 * it is a name of somebody, and the trail is kept for ever.
 */
export const attest = defineCommand<IdentitySchema, NewAttestation, Attested>(
  import.meta.url,
  'attest',
  async (tx, inputs) => {
    // The attester may be revoked while its signature is made; not any more, once this is locked.
    const head = await lockHead(tx);
    const outputs: Attested[] = [];
    for (const input of inputs) outputs.push(await record(tx, head, input));
    await saveHead(tx, head);
    return outputs;
  },
);

async function record(tx: Tx<IdentitySchema>, head: Head, input: NewAttestation): Promise<Attested> {
  const { id, attester: place, typeCode, expiresAt, now } = input;
  const attester = await tx.db
    .selectFrom('identity_attesters')
    .select('id')
    .where('place', '=', place)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (attester === undefined) return { status: 'revoked' };
  await tx.db
    .insertInto('identity_attestations')
    .values({
      id,
      attester: place,
      claim: input.claim,
      created_at: now,
      expires_at: expiresAt,
      revoked_at: null,
    })
    .execute();
  const details = { attester: attester.id, typeCode };
  await appendAudit(tx, head, { at: now, event: 'attestation_created', subject: uuidText(id), details });
  return { status: 'ok', path: await readPath(tx, place), root: fieldText(head.root) };
}
