import { CAPACITY, DEPTH, type NodeReader, type Place, parentOf, zeroNode } from './tree-node.js';

/** What leads from a leaf to the root, lowest level first. */
export type MerklePath = {
  /** The 20 siblings on the way. */
  pathElements: bigint[];
  /** Bit j of the leaf's index: 1 when our node at level j is the right child, and the sibling the left. */
  pathIndices: number[];
};

/** The places of the 20 siblings of a leaf, lowest first: all that `setLeaf` and `pathOf` read. */
export function siblingPlaces(index: number): Place[] {
  if (!Number.isInteger(index) || index < 0 || index >= CAPACITY) throw new RangeError(`no leaf ${index}`);
  return Array.from({ length: DEPTH }, (_, level) => ({ level, index: (index >> level) ^ 1 }));
}

/** The path of a leaf. Throws a RangeError when the tree has no such index. */
export function pathOf(read: NodeReader, index: number): MerklePath {
  return {
    pathElements: siblingPlaces(index).map((place) => nodeAt(read, place)),
    pathIndices: Array.from({ length: DEPTH }, (_, level) => (index >> level) & 1),
  };
}

/** The root that a leaf and its path lead to, as the circuit computes it. */
export function rootOfPath(leaf: bigint, { pathElements, pathIndices }: MerklePath): bigint {
  return pathElements.reduce(
    (node, sibling, level) => (pathIndices[level] === 1 ? parentOf(sibling, node) : parentOf(node, sibling)),
    leaf,
  );
}

/** Whether a path of the right length leads from the leaf to the root. */
export function verifyPath(root: bigint, leaf: bigint, path: MerklePath): boolean {
  const { pathElements, pathIndices } = path;
  if (pathElements.length !== DEPTH || pathIndices.length !== DEPTH) return false;
  return pathIndices.every((bit) => bit === 0 || bit === 1) && rootOfPath(leaf, path) === root;
}

/** The root; that of the empty tree where nothing is stored. */
export function rootOf(read: NodeReader): bigint {
  return nodeAt(read, { level: DEPTH, index: 0 });
}

function nodeAt(read: NodeReader, { level, index }: Place): bigint {
  return read(level, index) ?? zeroNode(level);
}
