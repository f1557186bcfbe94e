import { parentPort } from 'node:worker_threads';
import type { ServeOrders } from './scope.js';

/** Serves the thread that started this one. */
export const serveOrders: ServeOrders = (program) => {
  if (parentPort === null) throw new Error('this program runs in a worker thread only');
  const port = parentPort;
  port.on(
    'message',
    program((report) => port.postMessage(report)),
  );
};
