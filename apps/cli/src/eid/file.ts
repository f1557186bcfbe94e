import { open, readFile, rename, rm } from 'node:fs/promises';
import { Failure } from '../failure.js';
import { USAGE } from './exit-code.js';

const MODE = 0o600;

/** The parsed JSON of a file. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${path} is no JSON`, USAGE);
  }
}

export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(path));
}

export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Failure(`${path} cannot be read${reason(error)}`, USAGE);
  }
}

/** Writes JSON that its owner alone may read, in place of whatever was there. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  // Written aside: a file that was there keeps its mode when it is written over, and nobody reads a half of it.
  const draft = `${path}.${process.pid}`;
  try {
    await create(draft, `${JSON.stringify(value, null, 2)}\n`);
    await rename(draft, path);
  } catch (error) {
    throw new Failure(`${path} cannot be written${reason(error)}`, USAGE);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Writes a file that its owner alone may read; one that is there stays as it is, as it may be the only copy of a key. */
export async function writeNew(path: string, text: string): Promise<void> {
  try {
    await create(path, text);
  } catch (error) {
    throw new Failure(`${path} cannot be written${reason(error)}`, USAGE);
  }
}

async function create(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? `: ${error.code}` : '';
}
