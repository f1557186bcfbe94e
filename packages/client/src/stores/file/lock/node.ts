import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { StoreError } from '../../store.js';

/** Who holds a lock: pids are given again, so the moment the process started belongs to the name. */
interface Holder {
  pid: number;
  started: string;
  token: string;
}

/** Of a lock that a power cut left empty. */
const UNREADABLE = { pid: 0, started: '', token: 'unreadable' };

/**
 * Takes `path` as a lock that a killed process does not keep; answers how to give it back.
 * Rejects with `store_locked` while the process that has it lives.
 */
export async function lock(path: string): Promise<() => Promise<void>> {
  const token = randomUUID().slice(-12);
  const mine: Holder = { pid: process.pid, started: await startOf(process.pid), token };
  const draft = `${path}.${token}`;
  // Put in place when it is whole: nobody reads a lock that is half written.
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600, flag: 'wx' });
  try {
    if (!(await claims(draft, path))) await succeed(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await holder(path))?.token === token) await rm(path, { force: true });
  };
}

/** Takes the place of a process that is gone. Of many that would, one has the lock on its succession. */
async function succeed(draft: string, path: string): Promise<void> {
  const dead = await holder(path);
  if (dead === undefined || (await lives(dead))) throw new StoreError('store_locked');
  const release = await lock(`${path}.${dead.token}.next`);
  try {
    // Somebody else was here before.
    if ((await holder(path))?.token !== dead.token) throw new StoreError('store_locked');
    await rename(draft, path);
  } finally {
    await release();
  }
}

/** A link is made by one only. */
async function claims(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Undefined when nobody has it. */
async function holder(path: string): Promise<Holder | undefined> {
  try {
    const read: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isHolder(read) ? read : UNREADABLE;
  } catch (error) {
    if (error instanceof SyntaxError) return UNREADABLE;
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, started, token }: Partial<Record<keyof Holder, unknown>> = value;
  return Number.isInteger(pid) && Number(pid) > 0 && typeof started === 'string' && typeof token === 'string';
}

async function lives({ pid, started }: Holder): Promise<boolean> {
  // 0 would be every process of this group.
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
  }
  const now = await startOf(pid);
  return now === '' || started === '' || now === started;
}

/** When a process started, in ticks since the boot that is named with it; empty where the platform does not tell. */
async function startOf(pid: number): Promise<string> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The name of the program may hold spaces and brackets; field 22 is the 20th after it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${boot.trim()} ${ticks}`;
  } catch {
    return '';
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
