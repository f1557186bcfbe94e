/** What a worker of the solver runs; started by URL from thread/. */
import { serveOrders } from '#worker-scope';
import { Searcher } from './searcher.js';

serveOrders((report) => {
  const searcher = new Searcher(report);
  report({ type: 'ready' });
  return (order) => searcher.take(order);
});
