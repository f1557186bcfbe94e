import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { compileKernel } from './compile.js';

const KERNEL = new URL('../../kernels/hashcash-scalar.wasm', import.meta.url);
const folder = await mkdtemp(join(tmpdir(), 'blindpost-kernel-'));
after(() => rm(folder, { recursive: true }));

test('a kernel is compiled once, however often it is asked for', async () => {
  const [one, two] = await Promise.all([compileKernel(KERNEL), compileKernel(new URL(KERNEL))]);
  assert.equal(one, two);
  assert.equal(await compileKernel(KERNEL), one);
});

test('a kernel that could not be read is read again the next time', async () => {
  const late = pathToFileURL(join(folder, 'late.wasm'));
  await assert.rejects(compileKernel(late), { code: 'ENOENT' });
  await copyFile(KERNEL, late);
  assert.ok((await compileKernel(late)) instanceof WebAssembly.Module);
});
