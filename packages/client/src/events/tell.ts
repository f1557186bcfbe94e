/** Outside our own call stack: what the application's handler throws is its own, as in any event handler. */
export function tell<T>(handler: ((value: T) => void) | undefined, value: T): void {
  if (handler !== undefined) queueMicrotask(() => handler(value));
}
