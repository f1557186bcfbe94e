import { DEPTH, type TreeNode } from '@blindpost/zk/registry';
import { byteKey } from '../../../platform/sql/byte-key.js';
import { defineQuery, type Tx } from '../../../platform/sql/command.js';
import { fieldBytes } from '../rules/field-bytes.js';
import { type RootLife, rootStands } from '../rules/root-standing.js';
import type { Head } from './head.js';
import { writeNodes } from './nodes.js';
import type { IdentitySchema } from './schema.js';

/** Roots told of at once, latest first. */
const TOLD = 1_000;

/** Writes the nodes that a leaf has changed and makes the last of them the current root. */
export async function advanceRoot(
  tx: Tx<IdentitySchema>,
  head: Head,
  nodes: readonly TreeNode[],
  now: number,
): Promise<void> {
  const top = nodes.find(({ level }) => level === DEPTH);
  if (top === undefined) throw new Error('a changed leaf that changes no root');
  await writeNodes(tx, nodes);
  await tx.db
    .updateTable('identity_roots')
    .set({ superseded_at: now })
    .where('number', '=', head.rootNumber)
    .execute();
  head.root = fieldBytes(top.value);
  head.rootNumber += 1;
  head.updatedAt = now;
  await insertRoot(tx, head);
}

export async function insertRoot({ db }: Tx<IdentitySchema>, head: Head): Promise<void> {
  await db
    .insertInto('identity_roots')
    .values({
      number: head.rootNumber,
      root: head.root,
      since: head.updatedAt,
      superseded_at: null,
      ended_at: null,
    })
    .execute();
}

/** Ends every root since this one: a revoked leaf is under all of them. */
export async function endRoots({ db }: Tx<IdentitySchema>, since: number, now: number): Promise<void> {
  await db
    .updateTable('identity_roots')
    .set({ ended_at: now })
    .where('number', '>=', since)
    .where('ended_at', 'is', null)
    .execute();
}

export type AskRoots = { now: number; windowMs: number };
export type RootTold = { root: Uint8Array; since: number } & RootLife;

/**
 * Roots that are valid now, the current one first, each once: one that came again, because all that came after it was
 * revoked, is valid for as long as its latest coming says.
 */
export const validRoots = defineQuery<IdentitySchema, AskRoots, RootTold[]>(
  import.meta.url,
  'validRoots',
  async ({ db }, { now, windowMs }) => {
    const rows = await db
      .selectFrom('identity_roots')
      .select(['root', 'since', 'superseded_at as supersededAt', 'ended_at as endedAt'])
      .where('ended_at', 'is', null)
      .orderBy('number', 'desc')
      .limit(TOLD)
      .execute();
    const told = new Map<string, RootTold>();
    for (const row of rows) {
      const key = byteKey(row.root);
      if (!told.has(key) && rootStands(row, now, windowMs)) told.set(key, row);
    }
    return [...told.values()];
  },
);

/** Which of these roots are valid now; a root comes again when all that came after it was revoked. */
export async function standingRoots(
  { db }: Tx<IdentitySchema>,
  roots: readonly Uint8Array[],
  { now, windowMs }: AskRoots,
): Promise<Uint8Array[]> {
  const rows = await db
    .selectFrom('identity_roots')
    .select(['root', 'superseded_at as supersededAt', 'ended_at as endedAt'])
    .where('root', 'in', roots)
    .where('ended_at', 'is', null)
    .execute();
  return rows.filter((row) => rootStands(row, now, windowMs)).map(({ root }) => root);
}
