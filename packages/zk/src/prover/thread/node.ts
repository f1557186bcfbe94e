import { Worker } from 'node:worker_threads';
import type { OpenThread } from './thread.js';

/** Starts a worker thread of Node's. */
export const openThread: OpenThread = (listener) => {
  // Flags of this process are not for the worker: under `node --input-type=module` it would not start.
  const worker = new Worker(new URL('../program.js', import.meta.url), { execArgv: [] });
  let open = true;
  worker.on('message', (report) => {
    if (open) listener.report(report);
  });
  worker.on('error', died);
  worker.on('exit', (code) => died(new Error(`the thread ended with ${code}`)));

  return {
    order: (order) => worker.postMessage(order),
    terminate() {
      open = false;
      void worker.terminate();
    },
  };

  function died(cause: unknown): void {
    if (!open) return;
    open = false;
    listener.died(cause);
  }
};
