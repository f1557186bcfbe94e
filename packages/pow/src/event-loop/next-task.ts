/** Resolves in a task of its own, after input, timers and I/O that wait have had their turn. */
export type NextTask = () => Promise<void>;

/** For Node, where messages can starve timers: a port is drained up to a thousand messages at a time. */
export const immediate: NextTask = () => new Promise((resolve) => setImmediate(resolve));

/** For browsers, where a nested `setTimeout` waits at least 4 ms, and a second in a hidden tab. */
export const message: NextTask = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

export const nextTask: NextTask = typeof setImmediate === 'function' ? immediate : message;
