import { isForbidden, RedisRefused } from './failure.js';
import type { RedisClient } from './link.js';

const OLDEST_MAJOR = 7;

/**
 * Checks what the stores rely on: functions and sharded pub/sub (7.0), and that nothing accepted is evicted.
 * Persistence only earns a warning: it leaves on disk what is promised to live in memory alone.
 * @throws RedisRefused
 */
export async function checkRequirements(client: RedisClient, warn: (message: string) => void): Promise<void> {
  const info = await client.info();
  const version = field(info, 'redis_version') ?? 'unknown';
  if (!(Number.parseInt(version, 10) >= OLDEST_MAJOR)) {
    throw new RedisRefused(`it is version ${version}, ${OLDEST_MAJOR}.0 or newer is needed`);
  }
  const policy = field(info, 'maxmemory_policy');
  if (policy === null) {
    warn('Redis does not tell its maxmemory-policy: make sure that it is noeviction, or messages may vanish');
  } else if (policy !== 'noeviction') {
    throw new RedisRefused(
      `its maxmemory-policy is ${policy}, which drops accepted messages; set noeviction`,
    );
  }
  await warnOfPersistence(client, field(info, 'aof_enabled') === '1', warn);
}

async function warnOfPersistence(
  client: RedisClient,
  appends: boolean,
  warn: (message: string) => void,
): Promise<void> {
  if (appends)
    warn('Redis persists to disk (appendonly yes): what is burned may survive there. Set appendonly no');
  try {
    const { save } = await client.configGet('save');
    if (save) warn(`Redis persists to disk (save "${save}"): what is burned may survive there. Set save ""`);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    warn('Redis does not let us read its settings: make sure that it keeps no snapshots (save "")');
  }
}

function field(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null;
}
