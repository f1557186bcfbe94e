/** Compiles every workspace to its `dist`; the compiler itself skips what has not changed. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/** Answers whether everything compiled; the compiler's complaints go to the terminal. */
export function build() {
  console.log('Building (tsc -b) …');
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-b'], { cwd: ROOT, stdio: 'inherit' }).status === 0;
}
