// Builds the WebAssembly kernels: `node kernels.mjs [name...]`, the ones of these names or all, into the folder
// `kernels` or the one that KERNELS_DIR names. Nothing but the sources and the exact compiler version goes into
// the bytes, so anyone gets the same ones.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/** Each is built twice, as `<name>-scalar.wasm` and `<name>-simd.wasm`, from `assembly/<name>.ts`. */
const KERNELS = ['argon2d-chain', 'branchy-mix', 'chain', 'hashcash', 'mem-work', 'tiny-vm', 'vm-chain'];
const BUILDS = { scalar: [], simd: ['--enable', 'simd'] };
const FLAGS = ['-O3', '--noAssert', '--runtime', 'stub'];

const assembly = fileURLToPath(new URL('../assembly', import.meta.url));
const folder = resolve(process.env.KERNELS_DIR ?? fileURLToPath(new URL('../kernels', import.meta.url)));
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !KERNELS.includes(name));
if (unknown !== undefined) throw new Error(`no kernel ${unknown}; there are ${KERNELS.join(', ')}`);

for (const name of wanted.length > 0 ? wanted : KERNELS) {
  for (const [build, flags] of Object.entries(BUILDS)) {
    const file = join(folder, `${name}-${build}.wasm`);
    const { error, stderr } = await asc.main([
      `${name}.ts`,
      ...['--baseDir', assembly, '-o', file],
      ...FLAGS,
      ...flags,
    ]);
    if (error) throw new Error(`${name}, ${build}: ${stderr.toString()}`, { cause: error });
  }
}

const kernels = readdirSync(folder).filter((file) => file.endsWith('.wasm'));
const sums = kernels.sort().map((file) => {
  return `${createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex')}  ${file}\n`;
});
writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
