/** The program of a compute thread: answers one question at a time. */
import { parentPort } from 'node:worker_threads';
import type { Job } from './job.js';
import type { Answer, Question, Told } from './question.js';

const port = parentPort;
if (port === null) throw new Error('this module is the program of a thread');

port.on('message', async (question: Question) => {
  const tell = (told: Told) => port.postMessage(told);
  let retire = false;
  const thread = {
    retire: () => {
      retire = true;
    },
  };
  let outcome: Answer['outcome'];
  try {
    const job = await load(question);
    tell({ kind: 'began' });
    outcome = { ok: true, value: await job.run(question.input, thread) };
  } catch (error) {
    outcome = { ok: false, error: asError(error) };
  }
  try {
    tell({ kind: 'answer', outcome, retire });
  } catch (error) {
    // What the job answered cannot cross to another thread.
    tell({ kind: 'answer', outcome: { ok: false, error: asError(error) }, retire });
  }
});

async function load({ module, name }: Question): Promise<Job<unknown, unknown>> {
  const exports: Record<string, unknown> = await import(module);
  const found = exports[name];
  if (!isJob(found)) throw new Error(`${module} does not export the job ${name} under its own name`);
  return found;
}

function isJob(value: unknown): value is Job<unknown, unknown> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'job';
}

/** Only plain errors keep their message on the way to another thread. */
function asError(thrown: unknown): Error {
  const error = new Error(thrown instanceof Error ? thrown.message : String(thrown));
  if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack;
  return error;
}
