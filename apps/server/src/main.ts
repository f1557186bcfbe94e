import { compose } from './compose.js';
import { createLog } from './platform/log/log.js';
import type { Environment } from './platform/settings/environment.js';
import { StartRefused } from './platform/start-refused.js';
import { Unavailable } from './platform/unavailable.js';
import { loadSettings } from './settings.js';

/** A server that has not drained by then is stopped as it is. */
const DRAIN_MS = 9_000;

/**
 * Runs the server until SIGTERM or SIGINT, then drains it. Answers the exit code: 0 after a drain,
 * 1 when it did not start.
 * @param asked services named on the command line; none means SERVICES, else all
 */
export async function serve(environment: Environment, asked: readonly string[]): Promise<number> {
  const loaded = loadSettings(environment, asked);
  if (!loaded.ok) {
    for (const fault of loaded.faults) process.stderr.write(`blindpost: ${fault}\n`);
    return 1;
  }
  const { settings } = loaded;
  const log = createLog(settings.platform.LOG_LEVEL);
  const stop = stopSignal();
  try {
    const running = await compose(settings, log);
    process.stdout.write(`blindpost listens on ${running.url} (${settings.services.join(', ')})\n`);
    await stop;
    log.info('draining');
    const guard = setTimeout(() => process.exit(1), DRAIN_MS);
    await running.close();
    clearTimeout(guard);
    return 0;
  } catch (error) {
    if (!isStartFailure(error)) throw error;
    process.stderr.write(`blindpost: ${error.message}\n`);
    return 1;
  }
}

/**
 * Resolves at the first SIGTERM or SIGINT. Supervisors repeat SIGTERM, and must not cut the drain short;
 * a person who repeats Ctrl-C means it.
 */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

/** What an operator can mend: a port in use, a bad certificate, a Redis that is away or unfit. */
function isStartFailure(error: unknown): error is Error {
  if (error instanceof StartRefused || error instanceof Unavailable) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return 'syscall' in error || code.startsWith('ERR_OSSL');
}
