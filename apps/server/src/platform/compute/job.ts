/** What a job may ask of the thread it runs in. */
export interface JobThread {
  /**
   * Ends the thread when this job has been answered; the next one gets a fresh one. For jobs that hold
   * WebAssembly memory, which never shrinks.
   */
  retire(): void;
}

/**
 * Dear work that is done off the event loop; made by {@link defineJob}.
 * @typeParam I and O structured-clone data: plain objects, arrays, text, numbers, null, Uint8Array
 */
export interface Job<I, O> {
  readonly kind: 'job';
  readonly module: string;
  readonly name: string;
  run(input: I, thread: JobThread): O | Promise<O>;
}

/**
 * A job runs inside a worker thread, which imports `module` and takes the export `name`: the constant must be
 * exported under that very name, by a module without side effects. What the module keeps lives as long as the
 * thread, one job at a time. A job may run twice, because its thread may die under it.
 * @param module `import.meta.url`
 * @example
 * export const verify = defineJob<Proof, Verdict>(import.meta.url, 'verify', (proof) => …);
 */
export function defineJob<I, O>(module: string, name: string, run: Job<I, O>['run']): Job<I, O> {
  return { kind: 'job', module, name, run };
}
