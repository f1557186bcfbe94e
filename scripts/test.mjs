/**
 * `npm test [-- --long] [-- filter …]`: installs, builds, runs every test of every workspace.
 * `--long` runs the numbers that the tests' names promise; the default runs a twentieth of them.
 */
import { spawn } from 'node:child_process';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { ROOT } from './root.mjs';
import { testFiles } from './test-files.mjs';

const MINUTE_MS = 60_000;

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

const runner = spawn(
  process.execPath,
  [
    '--test',
    '--test-reporter=spec',
    '--test-concurrency=2',
    // A hung test must end the run, not the machine that waits for it.
    `--test-timeout=${(long ? 60 : 5) * MINUTE_MS}`,
    ...files,
  ],
  { cwd: ROOT, stdio: 'inherit', env: { TEST_SCALE: long ? '1' : '0.05', ...process.env } },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => runner.kill(signal));
runner.on('exit', (code) => process.exit(code ?? 1));
