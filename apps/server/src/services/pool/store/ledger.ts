import type { Tx } from '../../../platform/sql/command.js';
import { lockRows } from '../../../platform/sql/lock-rows.js';
import { statement } from '../../../platform/sql/statement.js';
import { mayOwe, type Transfer, transfer } from '../rules/ledger.js';
import { refill } from '../rules/refill.js';
import type { Inflow } from '../rules/terms.js';
import { accountId } from './account.js';
import { reserveOf } from './reserve.js';
import type { PoolSchema } from './schema.js';

const NOBODY = new Uint8Array(32);

/**
 * The books, held by one transaction at a time: every command that changes rounds or money opens them first.
 * So there is one order of locks, and what a later statement reads is not older than the lock.
 */
export class Ledger {
  readonly #tx: Tx<PoolSchema>;
  #entries: number;
  #posted = false;

  private constructor(tx: Tx<PoolSchema>, entries: number) {
    this.#tx = tx;
    this.#entries = entries;
  }

  static async open(tx: Tx<PoolSchema>): Promise<Ledger> {
    const { rows } = await locked(tx, {});
    const [row] = rows;
    if (row === undefined) throw new Error('the ledger has no row');
    return new Ledger(tx, row.entries);
  }

  /** Lets flow in what is due, and answers the pool's balance. */
  async refill(now: number, inflow: Inflow): Promise<number> {
    const { reserve, minted } = await reserveOf(this.#tx);
    const after = refill(reserve, now, inflow, minted);
    if (after.reserve === reserve) return reserve.balance;
    await this.post(transfer('refill', NOBODY, after.added), null, now);
    const { refilledAt, rest } = after.reserve;
    await flowed(this.#tx, { refilledAt, rest });
    return after.reserve.balance;
  }

  /**
   * Books a transfer; nothing is booked for nothing. The debit is conditional: whatever was read before, no
   * account is taken below zero.
   * @param ref the round, withdrawal or redemption it is for
   * @returns false when the account it is taken from does not cover it
   */
  async post({ kind, from, to, amount }: Transfer, ref: Uint8Array | null, at: number): Promise<boolean> {
    if (amount === 0) return true;
    const [debit, credit] = [accountId(from), accountId(to)];
    const least = mayOwe(from) ? -Number.MAX_SAFE_INTEGER : 0;
    const { rows } = await debited(this.#tx, { account: debit, amount, least });
    if (rows.length === 0) return false;
    await credited(this.#tx, { account: credit, amount, returned: kind === 'rejection' ? amount : 0 });
    this.#entries += 1;
    this.#posted = true;
    await entered(this.#tx, { id: this.#entries, debit, credit, amount, kind, ref, at });
    return true;
  }

  /** Writes what the transaction's later commands have to see. */
  async close(): Promise<void> {
    if (this.#posted) await numbered(this.#tx, { entries: this.#entries });
  }
}

/** A command's body: its inputs one after the other, in one opening of the books. */
export function inLedger<I, O>(
  each: (tx: Tx<PoolSchema>, ledger: Ledger, input: I) => Promise<O>,
): (tx: Tx<PoolSchema>, inputs: readonly I[]) => Promise<O[]> {
  return async (tx, inputs) => {
    const ledger = await Ledger.open(tx);
    const outputs: O[] = [];
    for (const input of inputs) outputs.push(await each(tx, ledger, input));
    await ledger.close();
    return outputs;
  };
}

const locked = statement((tx: Tx<PoolSchema>, _: Record<string, never>) =>
  lockRows(tx, tx.db.selectFrom('pool_ledger').select('entries').where('id', '=', 1)),
);

const flowed = statement((tx: Tx<PoolSchema>, p: { refilledAt: number | null; rest: number }) =>
  tx.db.updateTable('pool_ledger').set({ refilled_at: p.refilledAt, rest: p.rest }).where('id', '=', 1),
);

const numbered = statement((tx: Tx<PoolSchema>, p: { entries: number }) =>
  tx.db.updateTable('pool_ledger').set({ entries: p.entries }).where('id', '=', 1),
);

const debited = statement((tx: Tx<PoolSchema>, p: { account: Uint8Array; amount: number; least: number }) =>
  tx.db
    .updateTable('pool_accounts')
    .set((eb) => ({
      balance: eb('balance', '-', p.amount),
      withdrawn: eb('withdrawn', '+', p.amount),
    }))
    .where('id', '=', p.account)
    .where((eb) => eb(eb('balance', '-', p.amount), '>=', p.least))
    .returning('balance'),
);

const credited = statement(
  (tx: Tx<PoolSchema>, p: { account: Uint8Array; amount: number; returned: number }) =>
    tx.db
      .insertInto('pool_accounts')
      .values({ id: p.account, kind: 'miner', balance: p.amount, withdrawn: 0 })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          balance: eb('pool_accounts.balance', '+', p.amount),
          withdrawn: eb('pool_accounts.withdrawn', '-', p.returned),
        })),
      ),
);

type Entry = Omit<PoolSchema['pool_entries'], 'ts_ms'> & { at: number };

const entered = statement((tx: Tx<PoolSchema>, p: Entry) =>
  tx.db.insertInto('pool_entries').values({
    id: p.id,
    debit: p.debit,
    credit: p.credit,
    amount: p.amount,
    kind: p.kind,
    ref: p.ref,
    ts_ms: p.at,
  }),
);
