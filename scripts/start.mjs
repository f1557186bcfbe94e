/**
 * `npm start`: installs, builds and serves. What stands after `--` goes to `blindpost serve`.
 * The server runs in this very process, so signals and the exit code are its own.
 */
import { build } from './build.mjs';
import { install } from './install.mjs';

install();
if (!build()) process.exit(1);
process.argv = [process.argv[0], 'blindpost', 'serve', ...process.argv.slice(2)];
await import('../apps/cli/bin/blindpost.js');
