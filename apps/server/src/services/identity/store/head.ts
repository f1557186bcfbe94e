import { defineQuery, type Tx } from '../../../platform/sql/command.js';
import { lockRows } from '../../../platform/sql/lock-rows.js';
import type { IdentitySchema } from './schema.js';

/** Where registry and audit trail stand. */
export type Head = {
  root: Uint8Array;
  rootNumber: number;
  leaves: number;
  updatedAt: number;
  auditNumber: number;
  auditHash: Uint8Array;
};

const COLUMNS = [
  'root',
  'root_number as rootNumber',
  'leaves',
  'updated_at as updatedAt',
  'audit_number as auditNumber',
  'audit_hash as auditHash',
] as const;

/** Locks the registry: whatever changes it, or is told of in the audit trail, comes one after the other. */
export function lockHead(tx: Tx<IdentitySchema>): Promise<Head> {
  return lockRows(tx, tx.db.selectFrom('identity_registry').select(COLUMNS)).executeTakeFirstOrThrow();
}

export function readHead({ db }: Tx<IdentitySchema>): Promise<Head> {
  return db.selectFrom('identity_registry').select(COLUMNS).executeTakeFirstOrThrow();
}

export async function saveHead({ db }: Tx<IdentitySchema>, head: Head): Promise<void> {
  await db
    .updateTable('identity_registry')
    .set({
      root: head.root,
      root_number: head.rootNumber,
      leaves: head.leaves,
      updated_at: head.updatedAt,
      audit_number: head.auditNumber,
      audit_hash: head.auditHash,
    })
    .execute();
}

/** The registry as anybody may see it. */
export const registryState = defineQuery<
  IdentitySchema,
  null,
  { root: Uint8Array; attesters: number; updatedAt: number }
>(import.meta.url, 'registryState', async (tx) => {
  const { root, updatedAt } = await readHead(tx);
  return { root, attesters: await countAttesters(tx), updatedAt };
});

/** The registry and its trail as an operator sees them. */
export const registryHead = defineQuery<IdentitySchema, null, Head & { attesters: number }>(
  import.meta.url,
  'registryHead',
  async (tx) => ({ ...(await readHead(tx)), attesters: await countAttesters(tx) }),
);

/** Attesters that are approved now. */
export async function countAttesters({ db }: Tx<IdentitySchema>): Promise<number> {
  const { count } = await db
    .selectFrom('identity_attesters')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}
