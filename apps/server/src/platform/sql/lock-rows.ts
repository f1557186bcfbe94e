import type { SelectQueryBuilder } from 'kysely';
import type { Tx } from './command.js';

/**
 * Locks the selected rows until the transaction ends: FOR UPDATE on PostgreSQL, nothing on SQLite, where
 * the whole transaction excludes every other writer. Select in the order of the primary key, so that two
 * servers cannot wait for each other.
 */
export function lockRows<S, D, T extends keyof D, O>(
  tx: Tx<S>,
  query: SelectQueryBuilder<D, T, O>,
): SelectQueryBuilder<D, T, O> {
  return tx.dialect === 'postgres' ? query.forUpdate() : query;
}
