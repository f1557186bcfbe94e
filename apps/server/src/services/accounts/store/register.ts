import { defineCommand } from '../../../platform/sql/command.js';
import type { AccountsSchema } from './schema.js';

export type Register = {
  /** The account's, if it is a new one. */
  id: Uint8Array;
  publicKey: Uint8Array;
  now: number;
};
export type Registered = { account: Uint8Array; created: boolean };

/** Answers the account of this key; makes it where there is none. */
export const register = defineCommand<AccountsSchema, Register, Registered>(
  import.meta.url,
  'register',
  async ({ db }, inputs) => {
    // One row per key, the first one's: a statement may not meet the same row twice.
    const first = new Map<string, Register>();
    for (const input of inputs) {
      const key = hex(input.publicKey);
      if (!first.has(key)) first.set(key, input);
    }
    // In the order of the keys, so that two servers do not wait for each other.
    const rows = [...first.keys()].sort().flatMap((key) => {
      const input = first.get(key);
      if (input === undefined) return [];
      return { id: input.id, public_key: input.publicKey, generation: 0, created_at: input.now };
    });
    // An update that changes nothing: it alone answers the row of another server that was quicker.
    const kept = await db
      .insertInto('accounts')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('public_key').doUpdateSet((eb) => ({ public_key: eb.ref('excluded.public_key') })),
      )
      .returning(['id', 'public_key'])
      .execute();
    const accounts = new Map(kept.map(({ id, public_key }) => [hex(public_key ?? id), id]));
    return inputs.map(({ id, publicKey }) => {
      const account = accounts.get(hex(publicKey));
      if (account === undefined) throw new Error('an account that was written is not there');
      return { account, created: hex(account) === hex(id) };
    });
  },
);

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
