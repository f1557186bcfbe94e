import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPoseidonReference } from 'circomlibjs';
import fc from 'fast-check';
import { SCALAR_MODULUS } from '../field/index.js';
import {
  CAPACITY,
  DEPTH,
  type NodeReader,
  pathOf,
  rootOf,
  rootOfPath,
  setLeaf,
  siblingPlaces,
  type TreeNode,
  treeOf,
  verifyPath,
  ZERO_LEAF,
} from './index.js';

const reference = await buildPoseidonReference();
const hash = (left: bigint, right: bigint) => reference.F.toObject(reference([left, right]));

const zeros = [0n];
for (let level = 1; level <= DEPTH; level++) zeros.push(hash(zeros[level - 1] ?? 0n, zeros[level - 1] ?? 0n));
const zeroAt = (level: number) => zeros[level] ?? 0n;

/** The node as the definition has it: by recursion over the leaves, nothing remembered but empty subtrees. */
function naiveNode(leaves: ReadonlyMap<number, bigint>, level: number, index: number): bigint {
  if (level === 0) return leaves.get(index) ?? 0n;
  const inside = [...leaves.keys()].some((leaf) => leaf >> level === index);
  if (!inside) return zeroAt(level);
  return hash(naiveNode(leaves, level - 1, index * 2), naiveNode(leaves, level - 1, index * 2 + 1));
}

/** Nodes kept as a database would keep them, and the reads that were made. */
class Kept {
  readonly #nodes = new Map<string, bigint>();
  reads: string[] = [];

  readonly read: NodeReader = (level, index) => {
    this.reads.push(`${level}:${index}`);
    return this.#nodes.get(`${level}:${index}`);
  };

  write(nodes: readonly TreeNode[]): void {
    for (const { level, index, value } of nodes) this.#nodes.set(`${level}:${index}`, value);
  }

  get size(): number {
    return this.#nodes.size;
  }
}

const leafValue = fc.bigInt(1n, SCALAR_MODULUS - 1n);

test('the empty tree has the root of zeros', () => {
  assert.equal(
    rootOf(() => undefined),
    zeroAt(DEPTH),
  );
  assert.equal(rootOf(treeOf([])), zeroAt(DEPTH));
  assert.equal(
    zeroAt(DEPTH),
    15019797232609675441998260052101280400536945603062888308240081994073687793470n,
    'as published for circomlib trees of this depth',
  );
});

test('appends and revocations give the naive tree, its root and its paths', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: leafValue.map((value) => ({ value })) },
    { weight: 1, arbitrary: fc.nat().map((revoked) => ({ revoked })) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const kept = new Kept();
      const leaves = new Map<number, bigint>();
      for (const each of steps) {
        const index = 'value' in each ? leaves.size : each.revoked % Math.max(1, leaves.size);
        const value = 'value' in each ? each.value : ZERO_LEAF;
        kept.write(setLeaf(kept.read, index, value));
        leaves.set(index, value);
      }
      const root = naiveNode(leaves, DEPTH, 0);
      const list = Array.from(leaves, ([index]) => leaves.get(index) ?? 0n);
      const whole = treeOf(list);
      assert.equal(rootOf(kept.read), root);
      assert.equal(rootOf(whole), root);
      for (const [index, leaf] of leaves) {
        const path = pathOf(kept.read, index);
        assert.deepEqual(pathOf(whole, index), path, 'a prover with the leaves finds the same path');
        assert.equal(verifyPath(root, leaf, path), true);
      }
    }),
    { numRuns: 10 },
  );
});

test('leaves set anywhere, in any order, give the naive tree', () => {
  const places = fc.uniqueArray(fc.nat(CAPACITY - 1), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(places, leafValue, (indices, value) => {
      const kept = new Kept();
      const leaves = new Map(indices.map((index) => [index, (value + BigInt(index)) % SCALAR_MODULUS]));
      for (const [index, leaf] of leaves) kept.write(setLeaf(kept.read, index, leaf));
      assert.equal(rootOf(kept.read), naiveNode(leaves, DEPTH, 0));
    }),
    { numRuns: 5 },
  );
});

test('a change reads its 20 siblings, writes 21 nodes, and says beforehand what it reads', () => {
  for (const index of [0, 1, 12345, CAPACITY - 1]) {
    const kept = new Kept();
    const changed = setLeaf(kept.read, index, 7n);
    assert.deepEqual(
      kept.reads,
      siblingPlaces(index).map((place) => `${place.level}:${place.index}`),
    );
    assert.equal(changed.length, DEPTH + 1);
    kept.write(changed);
    assert.equal(kept.size, DEPTH + 1);
    assert.deepEqual(changed.at(-1), { level: DEPTH, index: 0, value: rootOf(kept.read) });
  }
});

test('appends store two nodes for each leaf and a path, no more', () => {
  const kept = new Kept();
  for (let index = 0; index < 33; index++) kept.write(setLeaf(kept.read, index, BigInt(index + 1)));
  assert.ok(kept.size <= 2 * 33 + DEPTH, `${kept.size} nodes`);
});

test('a revoked leaf leaves the root of a tree that never had it, and indices stay', () => {
  const kept = new Kept();
  for (const index of [0, 1, 2]) kept.write(setLeaf(kept.read, index, BigInt(index + 10)));
  const path = pathOf(kept.read, 1);
  const before = rootOf(kept.read);
  kept.write(setLeaf(kept.read, 1, ZERO_LEAF));
  assert.equal(rootOf(kept.read), rootOf(treeOf([10n, 0n, 12n])));
  assert.equal(verifyPath(before, 11n, path), true);
  assert.equal(verifyPath(rootOf(kept.read), 11n, path), false);
  kept.write(setLeaf(kept.read, 1, 11n));
  assert.equal(rootOf(kept.read), before);
});

test('a path holds for its leaf, its place and its length only', () => {
  const tree = treeOf([1n, 2n, 3n]);
  const root = rootOf(tree);
  const path = pathOf(tree, 2);
  assert.deepEqual(path.pathIndices.slice(0, 3), [0, 1, 0], 'bit j of the index');
  assert.equal(rootOfPath(3n, path), root);
  assert.equal(verifyPath(root, 2n, path), false);
  assert.equal(verifyPath(root + 1n, 3n, path), false);
  for (let level = 0; level < DEPTH; level++) {
    const turned = path.pathIndices.with(level, path.pathIndices[level] === 1 ? 0 : 1);
    assert.equal(verifyPath(root, 3n, { ...path, pathIndices: turned }), false);
    const other = path.pathElements.with(level, 99n);
    assert.equal(verifyPath(root, 3n, { ...path, pathElements: other }), false);
  }
  // An inner node is no leaf: the length tells them apart.
  const inner = { pathElements: path.pathElements.slice(1), pathIndices: path.pathIndices.slice(1) };
  assert.equal(rootOfPath(hash(3n, 0n), inner), root);
  assert.equal(verifyPath(root, hash(3n, 0n), inner), false);
  assert.equal(verifyPath(root, 3n, { ...path, pathIndices: path.pathIndices.with(0, 2) }), false);
});

test('an index outside the tree is refused', () => {
  const empty = () => undefined;
  for (const index of [-1, CAPACITY, 0.5, Number.NaN]) {
    assert.throws(() => setLeaf(empty, index, 1n), RangeError);
    assert.throws(() => pathOf(empty, index), RangeError);
  }
  assert.throws(() => treeOf(new Array<bigint>(CAPACITY + 1).fill(0n)), RangeError);
});
