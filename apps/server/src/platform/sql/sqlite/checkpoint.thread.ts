import { openFile } from './file.js';
import { answerQuestions } from './thread.js';

/** `noop` only looks; `passive` moves what it can beside writers and readers; `restart` needs them still. */
export type CheckpointMode = 'noop' | 'passive' | 'restart';

/** Pages in the write-ahead log, and how many of them are in the file already. */
export interface LogSize {
  readonly log: number;
  readonly moved: number;
}

/** The program of the thread that moves the write-ahead log into the file. */
answerQuestions((path) => {
  const database = openFile(path);
  const prepare = (mode: CheckpointMode) =>
    database.prepare<[], number[]>(`pragma wal_checkpoint(${mode})`).raw();
  const checkpoints = { noop: prepare('noop'), passive: prepare('passive'), restart: prepare('restart') };
  return {
    async answer(mode: CheckpointMode): Promise<LogSize> {
      const [, log = 0, moved = 0] = checkpoints[mode].get() ?? [];
      return { log, moved };
    },
    end: () => void database.close(),
  };
});
