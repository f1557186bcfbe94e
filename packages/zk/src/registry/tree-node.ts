import { poseidon2 } from 'poseidon-lite/poseidon2';

/** Levels above the leaves: level 0 holds these, level `DEPTH` the root alone. */
export const DEPTH = 20;
/** Leaves there is room for. */
export const CAPACITY = 2 ** DEPTH;
/** The leaf of an index that is free, or whose attester was revoked. No attester can have it: it would be a preimage. */
export const ZERO_LEAF = 0n;

/** A node's place, counted from the left in its level. */
export type Place = { level: number; index: number };
export type TreeNode = Place & { value: bigint };

/** What is stored at a place; undefined where nothing is, which is a subtree without leaves. */
export type NodeReader = (level: number, index: number) => bigint | undefined;

/** P2(left, right). */
export function parentOf(left: bigint, right: bigint): bigint {
  return poseidon2([left, right]);
}

const zeros = [ZERO_LEAF];

/** The node at a level below which every leaf is zero. */
export function zeroNode(level: number): bigint {
  const known = zeros[level];
  if (known !== undefined) return known;
  const below = zeroNode(level - 1);
  const zero = parentOf(below, below);
  zeros[level] = zero;
  return zero;
}
