/** What the page keeps in this browser: the miner's token, and how hard to work. */
import { isMinerToken, newMinerToken } from '@blindpost/client/pool';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

interface Schema extends DBSchema {
  kept: { key: 'token' | 'threads' | 'throttle'; value: string | number };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('blindpost-mine', 1, {
    upgrade: (db) => void db.createObjectStore('kept'),
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

/** The token that is kept, or a new one from now on. Rejects where the browser keeps nothing. */
export async function keptToken(): Promise<string> {
  // One transaction: two windows that open at once must not make a token each.
  const { store, done } = (await database()).transaction('kept', 'readwrite');
  const kept = await store.get('token');
  const token = typeof kept === 'string' && isMinerToken(kept) ? kept : newMinerToken();
  if (token !== kept) await store.put(token, 'token');
  await done;
  return token;
}

export async function keepToken(token: string): Promise<void> {
  await (await database()).put('kept', token, 'token');
}

/** A number that was kept, when it lies within the bounds; else `fallback`. */
export async function keptNumber(
  name: 'threads' | 'throttle',
  { min, max, fallback }: { min: number; max: number; fallback: number },
): Promise<number> {
  const kept = await (await database()).get('kept', name);
  return typeof kept === 'number' && Number.isInteger(kept) && kept >= min && kept <= max ? kept : fallback;
}

export async function keepNumber(name: 'threads' | 'throttle', value: number): Promise<void> {
  await (await database()).put('kept', value, name);
}
