import { type Group, runBatch } from '../batch.js';
import type { Outcome } from '../lane.js';
import { connect } from './connection.js';
import { type Failure, portable } from './failure.js';
import { type Definition, loadCommand } from './load.js';
import { answerQuestions } from './thread.js';

/** The program of the one thread that writes. */
answerQuestions((path) => {
  const connection = connect(path);
  return {
    async answer(groups: readonly Group<Definition>[]): Promise<readonly Outcome<Failure>[]> {
      try {
        const loaded = await Promise.all(
          groups.map(async ({ command, inputs }) => ({ command: await loadCommand(command), inputs })),
        );
        return (await runBatch(connection, loaded)).map(portable);
      } catch (error) {
        const failed = portable({ ok: false, error });
        return groups.flatMap(({ inputs }) => inputs.map(() => failed));
      }
    },
    end: () => connection.close(),
  };
});
