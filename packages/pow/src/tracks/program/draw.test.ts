import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { tinyVm } from '../tiny-vm/index.js';
import { decode as decodeTinyVm } from '../tiny-vm/program.js';
import { vmChain } from '../vm-chain/index.js';
import { decode as decodeVmChain } from '../vm-chain/program.js';
import { tinyVmProgram, vmChainProgram } from './draw.js';
import { type Instruction, OP } from './instruction.js';

const COMMON = { challenge: 'alice', seed: 'bob', steps: 300, bits: 0 };

/** Random bytes for a program of up to `most` instructions of `size` bytes. */
function drawn(least: number, most: number, size: number) {
  return fc.integer({ min: least, max: most }).chain((instructions) =>
    fc.record({
      instructions: fc.constant(instructions),
      bytes: fc.uint8Array({ minLength: instructions * size, maxLength: instructions * size }),
    }),
  );
}

/** Nothing refuses or halts, and from each instruction the run comes to the last one, which begins again. */
function assertEndless(program: readonly Instruction[]): void {
  for (const [pc, { op, target }] of program.entries()) {
    if (pc === program.length - 1) assert.deepEqual([op, target], [OP.JUMP, 0]);
    else assert.ok(op <= OP.BIT || (op === OP.BRANCH && target > pc + 1 && target < program.length));
  }
}

test('a drawn program of TINY_VM is valid, and no nonce ends it early', () => {
  fc.assert(
    fc.property(drawn(4, 1024, 4), fc.string(), ({ bytes, instructions }, nonce) => {
      const program_hex = tinyVmProgram(bytes, instructions);
      const read = tinyVm.read({ ...COMMON, program_hex });
      assert.ok(read.ok);
      assert.equal(decodeTinyVm(program_hex).length, instructions);
      assertEndless(decodeTinyVm(program_hex));
      assert.ok(tinyVm.reference(read.params, nonce) instanceof Uint8Array);
    }),
  );
});

test('a drawn program of VM_CHAIN is valid, and no nonce ends it early', () => {
  const params = { ...COMMON, memWords: 1024, chainUpdateEvery: 64, sampleWords: 4 };
  fc.assert(
    fc.property(drawn(16, 4096, 6), fc.string(), ({ bytes, instructions }, nonce) => {
      const program_hex = vmChainProgram(bytes, instructions);
      const read = vmChain.read({ ...params, program_hex });
      assert.ok(read.ok);
      assert.equal(decodeVmChain(program_hex).length, instructions);
      assertEndless(decodeVmChain(program_hex));
      assert.ok(vmChain.reference(read.params, nonce) instanceof Uint8Array);
    }),
  );
});

test('the same bytes draw the same program, and leave the bytes alone', () => {
  const bytes = Uint8Array.from({ length: 400 }, (_, i) => (i * 37) % 251);
  const before = bytesToHex(bytes);
  assert.equal(tinyVmProgram(bytes, 64), tinyVmProgram(bytes, 64));
  assert.equal(vmChainProgram(bytes, 64), vmChainProgram(bytes, 64));
  assert.equal(bytesToHex(bytes), before);
});

test('a drawn program has every operation', () => {
  const bytes = Uint8Array.from({ length: 64 * 6 }, (_, i) => (i * 167 + (i >> 3)) & 255);
  for (const program of [decodeTinyVm(tinyVmProgram(bytes, 64)), decodeVmChain(vmChainProgram(bytes, 64))]) {
    assert.deepEqual(
      [...new Set(program.map(({ op }) => op))].sort((x, y) => x - y),
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    );
  }
});

test('too few bytes draw nothing', () => {
  assert.throws(() => tinyVmProgram(new Uint8Array(255), 64), RangeError);
  assert.throws(() => vmChainProgram(new Uint8Array(383), 64), RangeError);
});
