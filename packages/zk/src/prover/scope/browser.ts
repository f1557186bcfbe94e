import type { ServeOrders } from './scope.js';

/** Serves the page that started this worker. */
export const serveOrders: ServeOrders = (program) => {
  const take = program((report) => self.postMessage(report));
  self.onmessage = ({ data }) => take(data);
};
