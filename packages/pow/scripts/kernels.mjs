// Builds the WebAssembly kernels: `node kernels.mjs [folder]`, by default the committed folder `kernels`.
// Nothing but the sources and the exact compiler version goes into the bytes, so anyone gets the same ones.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const KERNELS = [
  { name: 'hashcash-scalar', source: 'hashcash.ts', flags: [] },
  { name: 'hashcash-simd', source: 'hashcash.ts', flags: ['--enable', 'simd'] },
];
const FLAGS = ['-O3', '--noAssert', '--runtime', 'stub'];

const assembly = fileURLToPath(new URL('../assembly', import.meta.url));
const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../kernels', import.meta.url)));

let sums = '';
for (const { name, source, flags } of KERNELS) {
  const file = join(folder, `${name}.wasm`);
  const { error, stderr } = await asc.main([source, '--baseDir', assembly, '-o', file, ...FLAGS, ...flags]);
  if (error) throw new Error(`${name}: ${stderr.toString()}`, { cause: error });
  sums += `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${name}.wasm\n`;
}
writeFileSync(join(folder, 'SHA256SUMS'), sums);
