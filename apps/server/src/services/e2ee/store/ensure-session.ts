import { defineCommand } from '../../../platform/sql/command.js';
import type { E2eeSchema } from './schema.js';

/** Two accounts in the order of their ids. */
export type Pair = { a: Uint8Array; b: Uint8Array };

export type EnsureSession = Pair & {
  id: Uint8Array;
  initiatedBy: Uint8Array;
  /** Null leaves what there is. */
  hint: Uint8Array | null;
  meta: Uint8Array | null;
  now: number;
};

export type SessionRow = E2eeSchema['e2ee_sessions'];

/** The one session of a pair, made where there is none. */
export const ensureSession = defineCommand<E2eeSchema, EnsureSession, SessionRow>(
  import.meta.url,
  'ensureSession',
  async (tx, inputs) => {
    const outputs: SessionRow[] = [];
    for (const { a, b, id, initiatedBy, hint, meta, now } of inputs) {
      const row = {
        id,
        account_a: a,
        account_b: b,
        initiated_by: initiatedBy,
        hint,
        meta,
        last_message_at: null,
        created_at: now,
        updated_at: now,
        idle_since: now,
      };
      // One statement: between two of them the session might be swept or erased.
      const found = await tx.db
        .insertInto('e2ee_sessions')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['account_a', 'account_b']).doUpdateSet({ idle_since: now }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      const changed = {
        idle_since: now,
        ...(hint === null ? {} : { hint, updated_at: now }),
        ...(meta === null ? {} : { meta, updated_at: now }),
      };
      await tx.db.updateTable('e2ee_sessions').set(changed).where('id', '=', found.id).execute();
      outputs.push({ ...found, ...changed });
    }
    return outputs;
  },
);

/** Notes the day on which a pair last exchanged a message; nothing where it has no session. */
export const touchSession = defineCommand<E2eeSchema, Pair & { day: number }, null>(
  import.meta.url,
  'touchSession',
  async (tx, inputs) => {
    for (const { a, b, day } of inputs) {
      await tx.db
        .updateTable('e2ee_sessions')
        .set({ last_message_at: day, idle_since: day })
        .where('account_a', '=', a)
        .where('account_b', '=', b)
        .where(({ or, eb }) => or([eb('last_message_at', 'is', null), eb('last_message_at', '<', day)]))
        .execute();
    }
    return inputs.map(() => null);
  },
);
