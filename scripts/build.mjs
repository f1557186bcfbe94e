/**
 * `npm run build`: compiles every workspace to its `dist`, and bundles the web console. Neither repeats what has not
 * changed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './root.mjs';
import { buildSite } from './site.mjs';

/** Answers whether everything was built; the complaints go to the terminal. */
export function build() {
  console.log('Building (tsc -b, vite build) …');
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const compiled = spawnSync(process.execPath, [tsc, '-b'], { cwd: ROOT, stdio: 'inherit' }).status === 0;
  return compiled && buildSite();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(build() ? 0 : 1);
