import { sql } from 'kysely';
import { bulk } from '../bulk.js';
import { defineCommand } from '../command.js';
import type { NotesSchema } from './notes.fixture.js';

type Change = { id: Uint8Array; text: string | null; amount: number };

const change = bulk<NotesSchema, Change, { id: Uint8Array; sequence: number }>(
  (tx, p) =>
    tx.db
      .updateTable('notes')
      .set({ text: p.text, amount: p.amount })
      .where('id', '=', p.id)
      .returning(['id', 'sequence']),
  (changes) => sql<{ id: Uint8Array; sequence: number }>`
    update notes n set text = v.text, amount = v.amount
    from unnest(
      ${changes.map(({ id }) => id)}::bytea[],
      ${changes.map(({ text }) => text)}::text[],
      ${changes.map(({ amount }) => amount)}::bigint[]) as v (id, text, amount)
    where n.id = v.id returning n.id, n.sequence`,
);

/** Changes many notes with one statement; the sequences of those there are, in no order. */
export const changeAll = defineCommand<NotesSchema, readonly Change[], number[]>(
  import.meta.url,
  'changeAll',
  async (tx, inputs) => {
    const outputs: number[][] = [];
    for (const input of inputs) outputs.push((await change(tx, input)).map(({ sequence }) => sequence));
    return outputs;
  },
);
