/** Real threads, counted: a test sees how many were opened and what became of them. */
import { openThread } from './thread/node.js';
import type { OpenThread, Thread } from './thread/thread.js';

export interface Watched {
  open: OpenThread;
  opened: number;
  terminated: number;
  /** Threads that are neither terminated nor dead. */
  alive(): number;
}

/** Opens real threads and counts what becomes of them. */
export function watched(start: OpenThread = openThread): Watched {
  const living = new Set<Thread>();
  const watch: Watched = {
    opened: 0,
    terminated: 0,
    alive: () => living.size,
    open(listener) {
      watch.opened += 1;
      const thread = start({
        report: (report) => listener.report(report),
        died(cause) {
          living.delete(own);
          listener.died(cause);
        },
      });
      const own: Thread = {
        order: (order) => thread.order(order),
        terminate() {
          if (living.delete(own)) watch.terminated += 1;
          thread.terminate();
        },
      };
      living.add(own);
      return own;
    },
  };
  return watch;
}
