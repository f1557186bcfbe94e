/** Time as a part that a test can drive. */
export interface Clock {
  /** Milliseconds since the epoch; what expiry times are written in. */
  now(): number;
  /** Milliseconds on a clock that never steps back; what delays are measured on. */
  monotonic(): number;
  /** Runs `task` once, never earlier than `ms` from now. Does not keep the process alive. */
  after(ms: number, task: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, task) {
    const due = performance.now() + ms;
    let handle = setTimeout(run, ms);
    handle.unref();
    function run() {
      // Node rounds to whole milliseconds and may fire a fraction early; a lower bound is a promise here.
      if (performance.now() < due) {
        handle = setTimeout(run, 1);
        handle.unref();
        return;
      }
      task();
    }
    return { cancel: () => clearTimeout(handle) };
  },
};
