import { inTransaction } from '../batch.js';
import type { Outcome } from '../lane.js';
import { connect } from './connection.js';
import { type Failure, portable } from './failure.js';
import { type Definition, loadQuery } from './load.js';
import { answerQuestions } from './thread.js';

/** One question of a reader. */
export interface Reading {
  readonly command: Definition;
  readonly input: unknown;
}

/** The program of the one thread that reads. What it is asked together, it reads at one moment. */
answerQuestions((path) => {
  const connection = connect(path, { readonly: true });
  const read = async ({ command, input }: Reading): Promise<Outcome<Failure>> => {
    try {
      const { run } = await loadQuery(command);
      return portable({ ok: true, value: await run(connection.tx, input) });
    } catch (error) {
      return portable({ ok: false, error });
    }
  };
  return {
    async answer(readings: readonly Reading[]): Promise<readonly Outcome<Failure>[]> {
      try {
        return await inTransaction(connection, async () => {
          const outcomes: Outcome<Failure>[] = [];
          for (const reading of readings) outcomes.push(await read(reading));
          return outcomes;
        });
      } catch (error) {
        return readings.map(() => portable({ ok: false, error }));
      }
    },
    end: () => connection.close(),
  };
});
