/**
 * `npm run check [-- --no-tests]`: the one gate, the same here and on every other machine. Style and lint,
 * compiler, floors, package exports, unused code, the API document, then the tests.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install } from './install.mjs';
import { ROOT } from './root.mjs';

install();
// These import what has just been installed.
const { checkExports } = await import('./exports.mjs');
const { checkFloors } = await import('./floors.mjs');
const { checkPackages } = await import('./publint.mjs');

const bin = (path, ...args) => node(join(ROOT, 'node_modules', path), ...args);
const STEPS = [
  ['style and lint', () => bin('@biomejs/biome/bin/biome', 'check', '--error-on-warnings')],
  ['compiler', () => bin('typescript/bin/tsc', '-b')],
  ['floors', () => silent(checkFloors(ROOT))],
  ['exports', () => silent(checkExports(ROOT))],
  ['packages', async () => silent(await checkPackages(ROOT))],
  ['unused code', () => bin('knip/bin/knip.js', '--no-progress', '--treat-config-hints-as-errors')],
];

const failed = [];
for (const [name, step] of STEPS) {
  const began = performance.now();
  const passed = await step();
  console.log(`${passed ? '✔' : '✖'} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  if (!passed) failed.push(name);
}

if (failed.length > 0) {
  console.error(`The gate is shut: ${failed.join(', ')}.`);
  process.exit(1);
}
if (!process.argv.includes('--no-tests')) process.exit(node(join(ROOT, 'scripts/test.mjs')) ? 0 : 1);

function node(script, ...args) {
  return spawnSync(process.execPath, [script, ...args], { cwd: ROOT, stdio: 'inherit' }).status === 0;
}

/** Whether there is nothing to complain about. */
function silent(complaints) {
  for (const complaint of complaints) console.error(complaint);
  return complaints.length === 0;
}
