import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestsAt, openKernel } from './instance.js';

const KERNEL = new URL('../../kernels/chain-scalar.wasm', import.meta.url);

test('every instance has a memory of its own', async () => {
  const [one, two] = await Promise.all([
    openKernel(KERNEL, [], ['input']),
    openKernel(KERNEL, [], ['input']),
  ]);
  new Uint8Array(one.memory.buffer).fill(7, one.input.value, one.input.value + 32);
  assert.deepEqual(digestsAt(one.memory, one.input.value, 1), [new Uint8Array(32).fill(7)]);
  assert.deepEqual(digestsAt(two.memory, two.input.value, 1), [new Uint8Array(32)]);
});

test('a digest is a copy: the next nonce does not change it', async () => {
  const { memory, input } = await openKernel(KERNEL, [], ['input']);
  const [digest] = digestsAt(memory, input.value, 2);
  new Uint8Array(memory.buffer).fill(7, input.value, input.value + 64);
  assert.deepEqual(digest, new Uint8Array(32));
});

test('a kernel that lacks an export, or has it as something else, is refused', async () => {
  await assert.rejects(openKernel(KERNEL, ['run', 'missing'], []), TypeError);
  await assert.rejects(openKernel(KERNEL, [], ['run']), TypeError);
  await assert.rejects(openKernel(KERNEL, ['input'], []), TypeError);
});
