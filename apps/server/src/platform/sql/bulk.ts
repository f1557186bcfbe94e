import type { Compilable, QueryResult, RawBuilder } from 'kysely';
import type { Tx } from './command.js';
import { statement } from './statement.js';

/**
 * A statement for many sets of parameters at once: one after the other on SQLite, where a call costs
 * microseconds, and together on PostgreSQL, where each costs a round trip.
 * @param one see {@link statement}
 * @param all the same for all of them, as PostgreSQL writes it: `unnest`, `any`
 * @returns the rows of all of them, in no order
 * @example
 * const rename = bulk(
 *   (tx: Tx<Schema>, p: Person) => tx.db.updateTable('people').set({ name: p.name }).where('id', '=', p.id),
 *   (people) => sql`update people set name = given.name from unnest(${people.map(({ id }) => id)}::bytea[], …)`,
 * );
 */
export function bulk<S, P extends object, R = unknown>(
  one: (tx: Tx<S>, params: P) => Compilable<R>,
  all: (params: readonly P[]) => RawBuilder<R>,
): (tx: Tx<S>, params: readonly P[]) => Promise<R[]> {
  const each = statement(one);
  return async (tx, params) => {
    if (params.length === 0) return [];
    if (tx.dialect === 'postgres') return (await all(params).execute(tx.db)).rows;
    const rows: R[] = [];
    for (const p of params) {
      const answer = each(tx, p);
      // A turn of the microtask queue for each of thousands would be dearer than the statements.
      const result: QueryResult<R> = answer instanceof Promise ? await answer : answer;
      for (const row of result.rows) rows.push(row);
    }
    return rows;
  };
}
