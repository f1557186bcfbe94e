import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tinyVm } from './index.js';

const PARAMS = { challenge: 'alice', seed: 'bob', program_hex: '09000000'.repeat(4), steps: 1, bits: 0 };
const refused = (code: number, field: string) => ({ ok: false, code, field });

test('rules are tested in the order of the original', () => {
  const broken = { ...PARAMS, steps: 0, bits: 257, program_hex: '08000900'.repeat(3) };
  assert.deepEqual(tinyVm.read(broken), refused(2, 'steps'));
  assert.deepEqual(tinyVm.read({ ...broken, steps: 200_001 }), refused(2, 'steps'));
  assert.deepEqual(tinyVm.read({ ...broken, steps: 200_000 }), refused(3, 'bits'));
  assert.deepEqual(tinyVm.read({ ...broken, steps: 1, bits: 256 }), refused(4, 'program_hex'));
  const long = { ...broken, steps: 1, bits: 256, program_hex: '08000900'.repeat(4) };
  assert.deepEqual(tinyVm.read(long), refused(5, 'program_hex'));
  assert.equal(tinyVm.read(PARAMS).ok, true);
});

test('a program has 4 to 1,024 whole instructions', () => {
  const read = (program_hex: string) => tinyVm.read({ ...PARAMS, program_hex });
  assert.equal(read('09000000'.repeat(1024)).ok, true);
  for (const program of ['', '09000000'.repeat(1025), `${'09000000'.repeat(4)}09`]) {
    assert.deepEqual(read(program), refused(4, 'program_hex'));
  }
});

test('jumps stay within the program, also those that are never reached', () => {
  const read = (row: string) => tinyVm.read({ ...PARAMS, program_hex: '09000000'.repeat(3) + row });
  for (const op of ['07', '08']) {
    assert.equal(read(`${op}000300`).ok, true);
    assert.deepEqual(read(`${op}000400`), refused(5, 'program_hex'));
  }
  assert.equal(read('0600ff00').ok, true);
  assert.equal(read('0a00ff00').ok, true);
});
