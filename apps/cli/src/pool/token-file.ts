import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { isMinerToken, newMinerToken } from '@blindpost/client/pool';
import { Failure } from '../failure.js';

/** Where the token lies unless told otherwise (XDG Base Directory Specification: a relative path is ignored). */
export function defaultTokenFile(env: NodeJS.ProcessEnv): string {
  const data = env.XDG_DATA_HOME ?? '';
  return join(isAbsolute(data) ? data : join(homedir(), '.local/share'), 'blindpost', 'miner-token');
}

/** The token in this file; undefined when there is no such file. */
export async function readToken(path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  const token = text.trim();
  if (!isMinerToken(token)) throw new Failure(`${path} holds no token of a miner`);
  return token;
}

/** The token in this file, made on first use, readable by its owner alone. */
export async function ownToken(path: string): Promise<string> {
  const known = await readToken(path);
  if (known !== undefined) return known;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Written aside and linked into place: nobody reads half a token, and of two first uses one wins.
  const draft = `${path}.${process.pid}`;
  const token = newMinerToken();
  try {
    const file = await open(draft, 'wx', 0o600);
    await file.writeFile(`${token}\n`);
    await file.sync();
    await file.close();
    await link(draft, path);
    return token;
  } catch (error) {
    const theirs = isErrno(error, 'EEXIST') ? await readToken(path) : undefined;
    if (theirs === undefined) throw error;
    return theirs;
  } finally {
    await rm(draft, { force: true });
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
