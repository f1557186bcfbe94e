import type { MerklePath } from '@blindpost/protocol/identity';
import {
  DEPTH,
  type NodeReader,
  type Place,
  pathOf,
  siblingPlaces,
  type TreeNode,
} from '@blindpost/zk/registry';
import type { Tx } from '../../../platform/sql/command.js';
import { fieldBytes, fieldNumber } from '../rules/field-bytes.js';
import type { IdentitySchema } from './schema.js';

/** Where a node is kept, as in a heap: the root is 1, the leaves begin at 2^20. */
function heapPlace({ level, index }: Place): number {
  return 2 ** (DEPTH - level) + index;
}

/** Where a leaf is kept. */
export function leafPlace(index: number): number {
  return heapPlace({ level: 0, index });
}

/** Reads, in one query, all that a leaf's path and its change need. */
export async function readSiblings({ db }: Tx<IdentitySchema>, leaf: number): Promise<NodeReader> {
  const rows = await db
    .selectFrom('identity_nodes')
    .select(['place', 'value'])
    .where('place', 'in', siblingPlaces(leaf).map(heapPlace))
    .execute();
  const values = new Map(rows.map(({ place, value }) => [place, fieldNumber(value)]));
  return (level, index) => values.get(heapPlace({ level, index }));
}

/** The path of a leaf, as it stands on the wire. */
export async function readPath(tx: Tx<IdentitySchema>, leaf: number): Promise<MerklePath> {
  const { pathElements, pathIndices } = pathOf(await readSiblings(tx, leaf), leaf);
  return {
    pathElements: pathElements.map(String),
    pathIndices: pathIndices.map((bit) => (bit === 1 ? 1 : 0)),
  };
}

export async function writeNodes({ db }: Tx<IdentitySchema>, nodes: readonly TreeNode[]): Promise<void> {
  await db
    .insertInto('identity_nodes')
    .values(nodes.map((node) => ({ place: heapPlace(node), value: fieldBytes(node.value) })))
    .onConflict((conflict) =>
      conflict.column('place').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
    )
    .execute();
}
