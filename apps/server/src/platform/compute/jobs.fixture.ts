/** Jobs for tests, of every manner that a job may have. */
import { threadId } from 'node:worker_threads';
import { defineJob } from './job.js';

export const double = defineJob<number, number>(import.meta.url, 'double', (value) => value * 2);

export const whoAmI = defineJob<null, number>(import.meta.url, 'whoAmI', () => threadId);

/** Stands still, thread and all, until the first word of `gate` is no longer 0; counts itself in the second. */
export const standAt = defineJob<Int32Array, null>(import.meta.url, 'standAt', (gate) => {
  Atomics.add(gate, 1, 1);
  Atomics.wait(gate, 0, 0);
  return null;
});

/** Writes `mark` where all can see in what order jobs ran. */
export const leaveMark = defineJob<{ marks: Int32Array; mark: number }, null>(
  import.meta.url,
  'leaveMark',
  ({ marks, mark }) => {
    marks[Atomics.add(marks, 0, 1) + 1] = mark;
    return null;
  },
);

/** Ends its thread the first `times` times. */
export const exit = defineJob<{ tries: Int32Array; times: number }, string>(
  import.meta.url,
  'exit',
  ({ tries, times }) => {
    if (Atomics.add(tries, 0, 1) < times) process.exit(3);
    return 'survived';
  },
);

/** Answers, and leaves an error behind that ends its thread. */
export const trip = defineJob<null, string>(import.meta.url, 'trip', () => {
  setImmediate(() => {
    throw new Error('left behind');
  });
  return 'answered';
});

export const fail = defineJob<string, never>(import.meta.url, 'fail', (message) => {
  throw new RangeError(message);
});

export const spin = defineJob<null, never>(import.meta.url, 'spin', () => {
  for (;;);
});

export const answerFunction = defineJob<null, unknown>(import.meta.url, 'answerFunction', () => () => 1);

export const retireNow = defineJob<null, number>(import.meta.url, 'retireNow', (_input, thread) => {
  thread.retire();
  return threadId;
});

export const misnamed = defineJob<null, null>(import.meta.url, 'nowhere', () => null);
