import { sql } from 'kysely';
import { defineCommand, defineQuery, type Tx } from '../command.js';
import { lockRows } from '../lock-rows.js';
import { bytes, type Migration } from '../migrations.js';
import { statement } from '../statement.js';

/** A schema to try a database with: notes numbered by a counter row, as queues are. */
export interface NotesSchema {
  counters: { id: number; last: number };
  notes: {
    id: Uint8Array;
    sequence: number;
    batch: number;
    text: string | null;
    amount: number;
  };
}

export const NOTES_MIGRATIONS: readonly Migration[] = [
  {
    name: 'notes-1-tables',
    async up(db, dialect) {
      await db.schema
        .createTable('counters')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('last', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('notes')
        .addColumn('id', bytes(dialect), (column) => column.primaryKey())
        .addColumn('sequence', 'bigint', (column) => column.notNull().unique())
        .addColumn('batch', 'bigint', (column) => column.notNull())
        .addColumn('text', 'text')
        .addColumn('amount', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  {
    name: 'notes-2-counter',
    async up(db) {
      await sql`insert into counters (id, last) values (1, 0), (2, 0), (3, 0)`.execute(db);
    },
  },
];

export interface Note {
  id: Uint8Array;
  text: string | null;
  amount: number;
}

const lockCounter = statement((tx: Tx<NotesSchema>, _: Record<string, never>) =>
  lockRows(tx, tx.db.selectFrom('counters').select('last').where('id', '=', 1)),
);
const advanceCounter = statement((tx: Tx<NotesSchema>, p: { last: number }) =>
  tx.db.updateTable('counters').set({ last: p.last }).where('id', '=', 1),
);
const insertNote = statement((tx: Tx<NotesSchema>, p: Note & { sequence: number; batch: number }) =>
  tx.db
    .insertInto('notes')
    .values({ id: p.id, sequence: p.sequence, batch: p.batch, text: p.text, amount: p.amount }),
);

/** Numbers notes from 1 without a gap. Text `bad` throws, in the middle of its batch and after its insert. */
export const append = defineCommand<NotesSchema, Note, { sequence: number; batch: number }>(
  import.meta.url,
  'append',
  async (tx, inputs) => {
    const outputs = [];
    const { rows } = await lockCounter(tx, {});
    let last = rows[0]?.last ?? 0;
    for (const { id, text, amount } of inputs) {
      last++;
      await insertNote(tx, { id, sequence: last, batch: inputs.length, text, amount });
      if (text === 'bad') throw new Error('a bad note');
      outputs.push({ sequence: last, batch: inputs.length });
    }
    await advanceCounter(tx, { last });
    return outputs;
  },
);

/** Advances two other counters in the order asked for, slowly, so that two servers meet in the middle. */
export const advanceBoth = defineCommand<NotesSchema, [number, number], number>(
  import.meta.url,
  'advanceBoth',
  async (tx, inputs) => {
    for (const id of inputs.flat()) {
      await tx.db
        .updateTable('counters')
        .set(({ eb }) => ({ last: eb('last', '+', 1) }))
        .where('id', '=', id)
        .execute();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return inputs.map(() => 0);
  },
);

/** A second command, which shares transactions with the first. */
export const erase = defineCommand<NotesSchema, Uint8Array, number>(
  import.meta.url,
  'erase',
  async (tx, inputs) => {
    const outputs: number[] = [];
    for (const id of inputs) {
      const { numDeletedRows } = await tx.db.deleteFrom('notes').where('id', '=', id).executeTakeFirst();
      outputs.push(Number(numDeletedRows));
    }
    return outputs;
  },
);

/** Answers one output too few. */
export const forgetful = defineCommand<NotesSchema, number, number>(
  import.meta.url,
  'forgetful',
  async (_, inputs) => inputs.slice(1),
);

/** Gives back what it was given, to see what the way does to it. */
export const echo = defineCommand<NotesSchema, unknown, unknown>(
  import.meta.url,
  'echo',
  async (_, inputs) => inputs,
);

/** Divides in the database, where a wrong parameter type would show. */
export const divide = defineQuery<NotesSchema, { amount: number; by: number }, number>(
  import.meta.url,
  'divide',
  async (tx, { amount, by }) => {
    const answer = sql<{ result: number }>`select cast(${amount} as bigint) / ${by} as result`;
    return (await answer.execute(tx.db)).rows[0]?.result ?? 0;
  },
);

export const find = defineQuery<
  NotesSchema,
  Uint8Array,
  { id: Uint8Array; sequence: number; text: string | null; amount: number } | null
>(import.meta.url, 'find', async (tx, id) => {
  const query = tx.db.selectFrom('notes').select(['id', 'sequence', 'text', 'amount']).where('id', '=', id);
  return (await query.executeTakeFirst()) ?? null;
});

/** Counted twice with a pause between: at one moment both are the same. The sum is the database's own type. */
export const count = defineQuery<NotesSchema, number, { before: number; after: number; sum: number }>(
  import.meta.url,
  'count',
  async (tx, pauseMs) => {
    const query = tx.db
      .selectFrom('notes')
      .select(({ fn }) => [fn.countAll<number>().as('n'), fn.sum<number | null>('amount').as('sum')]);
    const before = await query.executeTakeFirstOrThrow();
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const after = await query.executeTakeFirstOrThrow();
    return { before: before.n, after: after.n, sum: after.sum ?? 0 };
  },
);

export const counter = defineQuery<NotesSchema, number, number>(
  import.meta.url,
  'counter',
  async (tx, id) => {
    const query = tx.db.selectFrom('counters').select('last').where('id', '=', id);
    return (await query.executeTakeFirstOrThrow()).last;
  },
);

/** How many steps the schema has taken. */
export const steps = defineQuery<{ migrations: { name: string } }, null, number>(
  import.meta.url,
  'steps',
  async (tx) => (await tx.db.selectFrom('migrations').select('name').execute()).length,
);

/** Every note's id and sequence, in their order. */
export const listing = defineQuery<NotesSchema, null, { id: Uint8Array; sequence: number }[]>(
  import.meta.url,
  'listing',
  (tx) => tx.db.selectFrom('notes').select(['id', 'sequence']).orderBy('sequence').execute(),
);

/** PostgreSQL's process of the connection that writes. */
export const writerPid = defineCommand<NotesSchema, null, number>(
  import.meta.url,
  'writerPid',
  async (tx, inputs) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx.db);
    return inputs.map(() => rows[0]?.pid ?? 0);
  },
);

/** Ends the thread it runs in. */
export const endThread = defineCommand<NotesSchema, null, null>(import.meta.url, 'endThread', async () =>
  process.exit(1),
);
