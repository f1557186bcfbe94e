import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Dialect, Tx } from './command.js';

/**
 * A statement that Kysely builds and compiles once per dialect instead of at each call: building is the
 * larger part of a small statement's cost.
 * @param build gets a stand-in for each parameter; it must neither look at them nor branch on anything but
 * the dialect
 * @example
 * const rename = statement((tx: Tx<Schema>, p: { id: Uint8Array; name: string }) =>
 *   tx.db.updateTable('people').set({ name: p.name }).where('id', '=', p.id).returning('id'));
 * const { rows } = await rename(tx, { id, name });
 */
export function statement<S, P extends object, R>(
  build: (tx: Tx<S>, params: P) => Compilable<R>,
): (tx: Tx<S>, params: P) => QueryResult<R> | Promise<QueryResult<R>> {
  const compiled = new Map<Dialect, { query: CompiledQuery<R>; names: readonly (string | null)[] }>();
  return (tx, params) => {
    let made = compiled.get(tx.dialect);
    if (made === undefined) {
      // The one cast: whatever parameter is read, its stand-in answers, in the place of a P that is not known yet.
      const query = build(tx, standIns as P).compile();
      made = {
        query,
        names: query.parameters.map((value) => (value instanceof StandIn ? value.name : null)),
      };
      compiled.set(tx.dialect, made);
    }
    const { query, names } = made;
    const parameters = names.map((name, index) =>
      name === null ? query.parameters[index] : Reflect.get(params, name),
    );
    return tx.execute({ ...query, parameters });
  };
}

class StandIn {
  constructor(readonly name: string) {}
}

const standIns: unknown = new Proxy({}, { get: (_, name) => new StandIn(String(name)) });
