import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Instruction, OP } from './instruction.js';
import { planOf } from './plan.js';
import { stretchAt } from './stretch.js';

const row = (op: number, target = 0): Instruction => ({ op, a: 0, b: 0, imm: 0, target });
const add = row(OP.ADD);
const jump = (target: number) => row(OP.JUMP, target);
const branch = (target: number) => row(OP.BRANCH, target);

/** Steps, instructions of the body, and where it goes on. */
const shape = (program: Instruction[], start = 0, longest = 100) => {
  const { steps, body, next } = stretchAt(program, start, longest);
  return [steps, body.length, next];
};

test('a jump is a step, and leads on within the stretch', () => {
  assert.deepEqual(shape([add, jump(3), add, add, branch(0)]), [4, 2, 5]);
});

test('what halts, refuses or lies behind the end is no step of the stretch', () => {
  assert.deepEqual(shape([add, row(OP.HALT)]), [1, 1, 1]);
  assert.deepEqual(shape([add, row(200)]), [1, 1, 1]);
  assert.deepEqual(shape([add, add]), [2, 2, 2]);
  assert.deepEqual(shape([row(200)]), [0, 0, 0]);
});

test('a stretch ends where it began, and after the steps it may have', () => {
  assert.deepEqual(shape([add, add, jump(0)]), [3, 2, 0]);
  assert.deepEqual(shape([jump(0)]), [1, 0, 0]);
  assert.deepEqual(shape([add, jump(2), add, jump(1)], 0, 7), [7, 3, 1]);
});

test('ways lead back to every stretch they came through, and out where the tree ends', () => {
  const program = [add, branch(0), add, branch(2), add, jump(0)];
  const limits = { longest: 100, depth: 2, size: 100, resumes: false };
  const [tree, ...others] = planOf(program, limits);
  assert.ok(tree?.loops && tree.next.kind === 'on');
  assert.equal(tree.taken?.kind === 'back' && tree.taken.node, tree);
  const { node } = tree.next;
  assert.equal(node.taken?.kind === 'back' && node.taken.node, node);
  assert.deepEqual(node.next, { kind: 'out', pc: 4 });
  assert.deepEqual(
    others.map(({ stretch }) => stretch.start),
    [4, 2],
  );
});

test('every stretch begins a tree of its own when the run is resumed anywhere', () => {
  const program = [add, branch(0), add, branch(2), add, jump(0)];
  const trees = planOf(program, { longest: 100, depth: 2, size: 100, resumes: true });
  assert.deepEqual(trees.map(({ stretch }) => stretch.start).sort(), [0, 2, 4]);
});

test('a program that nothing bounds is unfolded up to its size', () => {
  const program = Array.from({ length: 4096 }, (_, i) => branch((i * 1237) % 4096));
  const trees = planOf(program, { longest: 32, depth: 8, size: 2048, resumes: true });
  // The last tree may go on by one way for each branch.
  let size = 0;
  const count = ({ stretch, taken, next }: (typeof trees)[number]): void => {
    size += stretch.body.length + 1;
    for (const way of [taken, next]) if (way?.kind === 'on') count(way.node);
  };
  trees.forEach(count);
  assert.ok(size >= 2048 && size < 2048 + 64, `${size}`);
});
