/** Server programs that should not run as root, as whom they run instead. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Owner = { uid: number; gid: number };

/** The first of these users that exists, else `nobody`. Null: we are not root, and stay who we are. */
export async function unprivileged(...names: readonly string[]): Promise<Owner | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of [...names, 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      // No such user here.
    }
  }
  throw new Error('there is no user without privileges');
}

/** Command and arguments that run `path` as `owner`. */
export function runAs(owner: Owner | null, path: string): [string, ...string[]] {
  if (owner === null) return [path];
  const user = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  // The kernel forgets the parent-death signal when the user changes, so it is asked for again.
  return ['setpriv', ...user, '--pdeathsig', 'KILL', path];
}
