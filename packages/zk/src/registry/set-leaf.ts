import { pathOf } from './path.js';
import { type NodeReader, parentOf, type TreeNode } from './tree-node.js';

/**
 * The nodes that change when a leaf is appended, changed or revoked (`ZERO_LEAF`): itself and its 20 ancestors, the
 * root last. Reads the 20 siblings and nothing else, so only what was ever changed need be stored. Throws a
 * RangeError when the tree has no such index.
 */
export function setLeaf(read: NodeReader, index: number, leaf: bigint): TreeNode[] {
  const { pathElements, pathIndices } = pathOf(read, index);
  const changed: TreeNode[] = [{ level: 0, index, value: leaf }];
  let value = leaf;
  for (const [level, sibling] of pathElements.entries()) {
    value = pathIndices[level] === 1 ? parentOf(sibling, value) : parentOf(value, sibling);
    changed.push({ level: level + 1, index: index >> (level + 1), value });
  }
  return changed;
}
