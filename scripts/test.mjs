/**
 * `npm test [-- --long] [-- filter …]`: installs, builds, runs every test of every workspace.
 * `--long` runs the numbers that the tests' names promise; the default runs a twentieth of them.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { ROOT } from './root.mjs';
import { testFiles } from './test-files.mjs';

const MINUTE_MS = 60_000;
/** More files than processors: many of them wait for a disk, a deadline or a process that starts. */
const FILES_AT_ONCE = 3;
/** So few start what they need themselves. */
const FEW_FILES = 8;

const args = process.argv.slice(2);
const long = args.includes('--long');
const filters = args.filter((arg) => arg !== '--long');

install();
if (!build()) process.exit(1);

const files = testFiles(ROOT, filters);
if (files.length === 0) {
  console.error(filters.length === 0 ? 'There are no tests.' : `No test file matches ${filters.join(', ')}.`);
  process.exit(1);
}

const stand = files.length > FEW_FILES ? fork(join(ROOT, 'apps/server/dist/test/stand.program.js')) : null;
const shared = stand === null ? {} : await told(stand);

const runner = spawn(
  process.execPath,
  [
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${FILES_AT_ONCE}`,
    // A hung test must end the run, not the machine that waits for it.
    `--test-timeout=${(long ? 60 : 5) * MINUTE_MS}`,
    ...files,
  ],
  { cwd: ROOT, stdio: 'inherit', env: { TEST_SCALE: long ? '1' : '0.05', ...process.env, ...shared } },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => runner.kill(signal));
runner.on('exit', (code) => {
  process.exitCode = code ?? 1;
  if (stand?.connected) stand.disconnect();
});

/** The environment that the stand hands to the tests; it says why when it cannot. */
async function told(child) {
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof message === 'object' && message !== null) return message;
  process.exit(1);
}
