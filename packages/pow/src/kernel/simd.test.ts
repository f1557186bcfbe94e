import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { simdSupported } from './simd.js';

test('the probe says what the engine says of the SIMD kernel itself', async () => {
  const kernel = await readFile(new URL('../../kernels/hashcash-simd.wasm', import.meta.url));
  assert.equal(simdSupported(), WebAssembly.validate(kernel));
});
