import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  and,
  block,
  branch,
  branchTable,
  type Code,
  constant,
  get,
  lessThan,
  load,
  loop,
  multiply,
  or,
  regions,
  rotateLeft,
  set,
  shiftLeft,
  shiftRight,
  store,
  subtract,
  when,
  xor,
} from './code.js';
import { moduleOf } from './module.js';

const memory = new WebAssembly.Memory({ initial: 1 });

function compiled(locals: number, body: Code): (x: number) => number {
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(locals, body)), {
    kernel: { memory },
  }).exports;
  assert.ok(typeof run === 'function');
  return (x) => run(x);
}

test('arithmetic is that of 32-bit words', () => {
  const operations: [(x: Code, y: Code) => Code, (x: number, y: number) => number][] = [
    [add, (x, y) => x + y],
    [subtract, (x, y) => x - y],
    [multiply, Math.imul],
    [and, (x, y) => x & y],
    [or, (x, y) => x | y],
    [xor, (x, y) => x ^ y],
    [shiftLeft, (x, y) => x << y],
    [shiftRight, (x, y) => x >>> y],
    [rotateLeft, (x, y) => (x << y) | (x >>> -y)],
    [lessThan, (x, y) => (x < y ? 1 : 0)],
  ];
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (x, y) => {
      for (const [code, value] of operations) {
        assert.equal(compiled(0, code(get(0), constant(y)))(x), value(x, y) | 0, code(get(0), []).join());
      }
    }),
  );
});

test('words are stored and loaded at address and offset', () => {
  const run = compiled(1, [
    store(get(0), 300, constant(-7)),
    set(1, load(add(get(0), constant(200)), 100)),
    get(1),
  ]);
  assert.equal(run(40), -7);
  assert.equal(new Int32Array(memory.buffer)[340 / 4], -7);
});

test('loops, blocks and conditions: the sum of the numbers up to x', () => {
  const run = compiled(1, [
    block(
      loop(
        when(lessThan(get(0), constant(1)), branch(2)),
        set(1, add(get(1), get(0))),
        set(0, subtract(get(0), constant(1))),
        branch(0),
      ),
    ),
    get(1),
  ]);
  assert.equal(run(100), 5050);
  assert.equal(run(-3), 0);
});

test('a table picks the region behind a label, or leaves', () => {
  const run = compiled(1, [
    block(
      regions(branchTable(get(0), [0, 1, 0], 2), [[set(1, constant(10)), branch(1)], set(1, constant(20))]),
    ),
    get(1),
  ]);
  assert.deepEqual([0, 1, 2, 3, -1].map(run), [10, 20, 10, 0, 0]);
});
