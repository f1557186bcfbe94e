import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformSettings } from '../settings/platform.js';
import { StartRefused } from '../start-refused.js';

export type Secrets = { admin: string; root: string };

/**
 * The two secrets of the server. In development an absent one is made once into DATA_DIR, readable by its
 * owner alone; the path is told, never the value. Production has refused to start without them before.
 */
export function loadSecrets(settings: PlatformSettings, tell: (path: string) => void): Secrets {
  return {
    admin: settings.ADMIN_API_KEY ?? kept(settings.DATA_DIR, 'admin-api-key', tell),
    root: settings.BLINDPOST_SECRET ?? kept(settings.DATA_DIR, 'blindpost-secret', tell),
  };
}

function kept(folder: string, name: string, tell: (path: string) => void): string {
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(path)) {
    // Written aside and linked into place: of two servers starting at once one wins, and neither ever
    // reads half a secret, nor does one that starts after a crash.
    const draft = `${path}.${randomBytes(8).toString('hex')}`;
    writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    try {
      linkSync(draft, path);
      tell(path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    } finally {
      unlinkSync(draft);
    }
  }
  const secret = readFileSync(path, 'utf8').trim();
  // Emptied or cut: running with it would be running without.
  if (secret.length < 32) {
    throw new StartRefused(`the secret in ${path} is too short; delete the file to have a new one made`);
  }
  return secret;
}
