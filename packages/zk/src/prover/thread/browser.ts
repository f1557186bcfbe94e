import type { OpenThread } from './thread.js';

/** Starts a module worker of the browser's. */
export const openThread: OpenThread = (listener) => {
  // Written out in one piece: this is the form by which bundlers find the worker's program.
  const worker = new Worker(new URL('../program.js', import.meta.url), { type: 'module' });
  let open = true;
  worker.onmessage = ({ data }) => {
    if (open) listener.report(data);
  };
  // An error of a worker need not end it; what it was doing is lost all the same.
  worker.onerror = (event) => {
    if (!open) return;
    open = false;
    worker.terminate();
    listener.died(new Error(event.message || 'the worker cannot be loaded'));
  };

  return {
    order: (order) => worker.postMessage(order),
    terminate() {
      open = false;
      worker.terminate();
    },
  };
};
