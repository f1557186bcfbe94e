import type { Command, Tx } from './command.js';
import type { Outcome } from './lane.js';

/** One connection that writes. */
export interface Session {
  readonly tx: Tx<unknown>;
  /** The statement that begins a write transaction. */
  readonly begin: string;
  /** Runs a statement without parameters: the transaction's own verbs. */
  exec(sql: string): Promise<void>;
  /** Whether the error speaks of the database or of the transaction as a whole, not of one input. */
  isFatal(error: unknown): boolean;
}

/** What one command was asked for, in order. */
export interface Group<C> {
  readonly command: C;
  readonly inputs: readonly unknown[];
}

/** A command of whatever schema: its inputs come from callers whose types were held against it. */
export type AnyCommand = Command<unknown, unknown, unknown>;

/**
 * Runs the groups in one transaction and answers the outcomes of all inputs, group by group. When one throws,
 * everything is rolled back and done again one input at a time, each behind a savepoint: the bad input fails
 * alone, and the rest still share one commit.
 * @throws what is fatal to the session; then nothing was done, or the answer to the commit was lost
 */
export async function runBatch(
  session: Session,
  groups: readonly Group<AnyCommand>[],
): Promise<readonly Outcome[]> {
  try {
    return await inTransaction(session, () => together(session.tx, groups));
  } catch (error) {
    if (session.isFatal(error)) throw error;
    const alone = groups.length === 1 && groups[0]?.inputs.length === 1;
    if (alone) return [{ ok: false, error }];
  }
  return inTransaction(session, () => oneByOne(session, groups));
}

/** @throws what `work` or the commit throws, rolled back */
export async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.exec(session.begin);
  try {
    const result = await work();
    await session.exec('commit');
    return result;
  } catch (error) {
    // It may be rolled back by itself already, or gone with its connection.
    await session.exec('rollback').catch(() => undefined);
    throw error;
  }
}

async function together(tx: Tx<unknown>, groups: readonly Group<AnyCommand>[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { command, inputs } of groups) {
    for (const value of await outputs(tx, command, inputs)) outcomes.push({ ok: true, value });
  }
  return outcomes;
}

async function oneByOne(session: Session, groups: readonly Group<AnyCommand>[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { command, inputs } of groups) {
    for (const input of inputs) outcomes.push(await alone(session, command, input));
  }
  return outcomes;
}

async function alone(session: Session, command: AnyCommand, input: unknown): Promise<Outcome> {
  await session.exec('savepoint one');
  try {
    const [value] = await outputs(session.tx, command, [input]);
    await session.exec('release savepoint one');
    return { ok: true, value };
  } catch (error) {
    if (session.isFatal(error)) throw error;
    await session.exec('rollback to savepoint one');
    await session.exec('release savepoint one');
    return { ok: false, error };
  }
}

async function outputs(
  tx: Tx<unknown>,
  command: AnyCommand,
  inputs: readonly unknown[],
): Promise<readonly unknown[]> {
  const answered = await command.run(tx, inputs);
  if (answered.length === inputs.length) return answered;
  throw new Error(`${command.name} answered ${answered.length} outputs for ${inputs.length} inputs`);
}

/** Gathers jobs by command, and remembers where each of them stood. */
export function groupJobs<C>(jobs: readonly { command: C; input: unknown }[]): {
  groups: Group<C>[];
  /** Puts outcomes that come group by group back into the order of the jobs. */
  restore(outcomes: readonly Outcome[]): Outcome[];
} {
  const places = new Map<C, number[]>();
  for (const [place, { command }] of jobs.entries()) {
    const known = places.get(command);
    if (known === undefined) places.set(command, [place]);
    else known.push(place);
  }
  const groups = [...places].map(([command, at]) => ({
    command,
    inputs: at.map((place) => jobs[place]?.input),
  }));
  const order = [...places.values()].flat();
  const restore = (outcomes: readonly Outcome[]) => {
    const restored: Outcome[] = [];
    for (const [index, outcome] of outcomes.entries()) restored[order[index] ?? index] = outcome;
    return restored;
  };
  return { groups, restore };
}
