import { randomBytes } from 'node:crypto';
import { systemClock } from '../../clock.js';
import type { Database } from '../database.js';
import type { Migration } from '../migrations.js';
import { PostgresDatabase } from '../postgres/database.js';
import { SqliteDatabase } from '../sqlite/database.js';
import { NOTES_MIGRATIONS, type Note } from './notes.fixture.js';

/** Opens the database at a URL, or in a file. */
export function openAt(
  place: string,
  options: { migrations?: readonly Migration[]; bound?: number; patienceMs?: number; beatMs?: number } = {},
): Promise<Database> {
  const common = { migrations: NOTES_MIGRATIONS, clock: systemClock, ...options };
  if (!place.startsWith('postgres:')) return SqliteDatabase.open({ path: place, ...common });
  return PostgresDatabase.open({ url: place, warn: () => undefined, ...common });
}

export function note(text: string | null = null, amount = 0): Note {
  return { id: Uint8Array.from(randomBytes(16)), text, amount };
}
