/** Compiles one circuit. The compiler itself is WebAssembly, so that everybody gets the same bytes. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/**
 * Writes `<name>.r1cs` (constraints), `<name>.sym` (names of signals) and `<name>.wasm` (computes witnesses) for
 * `<name>.circom`.
 * @param {string} circuit path of the file with the main component; what it includes is looked for beside it, then
 *   among circomlib's templates
 * @param {string} folder gets the files, and must exist
 * @param {{ simplification?: 0 | 1 | 2, outputs?: string[] }} options constraints are simplified not at all, where they
 *   are equalities, or (default) wherever they are linear
 * @returns {string} what the compiler said
 * @throws {Error} with the compiler's complaint
 */
export function compile(circuit, folder, { simplification = 2, outputs = ['r1cs', 'wasm'] } = {}) {
  const args = [fileURLToPath(import.meta.url), circuit, folder, String(simplification), ...outputs];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${basename(circuit)} does not compile:\n${stdout}${stderr}`);
  return stdout;
}

/** Runs the compiler in this process, of which it takes over standard output and the end. */
async function run(circuit, folder, simplification, ...outputs) {
  const { bindings, CircomRunner } = await import('circom2').then((module) => module.default);
  // The compiler sees three folders under names of their own, and so no path of this machine.
  const runner = new CircomRunner({
    args: [
      `/circuits/${basename(circuit)}`,
      ...[
        `--O${simplification}`,
        ...outputs.map((output) => `--${output}`),
        '-l',
        '/circomlib',
        '-o',
        '/out',
      ],
    ],
    env: {},
    preopens: {
      '/circuits': dirname(resolve(circuit)),
      '/circomlib': join(dirname(require.resolve('circomlib/package.json')), 'circuits'),
      '/out': resolve(folder),
    },
    bindings: { ...bindings, fs },
  });
  await runner.execute(fs.readFileSync(require.resolve('circom2/circom.wasm')));

  // Beside the program come two scripts to run it with, which nobody needs here.
  if (!outputs.includes('wasm')) return;
  const name = basename(circuit, '.circom');
  fs.renameSync(join(folder, `${name}_js`, `${name}.wasm`), join(folder, `${name}.wasm`));
  fs.rmSync(join(folder, `${name}_js`), { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(...process.argv.slice(2));
