import { Searcher } from '../searcher.js';
import type { OpenThread } from './thread.js';

/** No thread at all: searches on this one, in slices between which the event loop has its turn. */
export const openHere: OpenThread = (listener) => {
  let open = true;
  const searcher = new Searcher((report) => {
    if (open) listener.report(report);
  });
  listener.report({ type: 'ready' });
  return {
    order: (order) => searcher.take(order),
    terminate() {
      open = false;
      searcher.take({ type: 'stop', id: 0 });
    },
  };
};
