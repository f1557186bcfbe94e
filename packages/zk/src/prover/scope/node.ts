import threads, { parentPort } from 'node:worker_threads';
import type { ServeOrders } from './scope.js';

/** Serves the thread that started this one. */
export const serveOrders: ServeOrders = (program) => {
  if (parentPort === null) throw new Error('this program runs in a worker thread only');
  // snarkjs starts threads through `web-worker`, which takes every thread that is not the main one for one of its own
  // and turns it inside out. So it is told that this is the main one, before it is loaded.
  Object.assign(threads, { isMainThread: true });
  const port = parentPort;
  port.on(
    'message',
    program((report) => port.postMessage(report)),
  );
};
