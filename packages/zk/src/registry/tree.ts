import { CAPACITY, DEPTH, type NodeReader, parentOf, zeroNode } from './tree-node.js';

/**
 * A reader of the whole tree over these leaves, index 0 first: for a prover that builds its path itself, so that
 * nobody learns which attester it asks about. One hash for each leaf and a few more. Throws a RangeError when there
 * are more leaves than the tree holds.
 */
export function treeOf(leaves: readonly bigint[]): NodeReader {
  if (leaves.length > CAPACITY) throw new RangeError(`more than ${CAPACITY} leaves`);
  const levels: (readonly bigint[])[] = [leaves];
  let below = leaves;
  for (let level = 1; level <= DEPTH; level++) {
    below = parentsOf(below, zeroNode(level - 1));
    levels.push(below);
  }
  return (level, index) => levels[level]?.[index];
}

function parentsOf(nodes: readonly bigint[], zero: bigint): bigint[] {
  const parents: bigint[] = [];
  for (let at = 0; at < nodes.length; at += 2)
    parents.push(parentOf(nodes[at] ?? zero, nodes[at + 1] ?? zero));
  return parents;
}
