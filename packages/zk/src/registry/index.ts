/**
 * The registry of attesters: a binary Poseidon tree of depth 20 whose root proofs are checked against. Pure functions
 * over whatever keeps the nodes.
 *
 * @module
 */

export { type MerklePath, pathOf, rootOf, rootOfPath, siblingPlaces, verifyPath } from './path.js';
export { setLeaf } from './set-leaf.js';
export { treeOf } from './tree.js';
export { CAPACITY, DEPTH, type NodeReader, type Place, type TreeNode, ZERO_LEAF } from './tree-node.js';
