const WINDOW_MS = 10_000;
/** Samples nearer to each other become one, so that a flood of tiny searches keeps the list short. */
const GRAIN_MS = 100;

/** Attempts per second over the last ten seconds. */
export class RateMeter {
  readonly #now: () => number;
  /** Totals at moments; the first is the last one before the window. */
  readonly #samples: { at: number; total: number }[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.reset();
  }

  /** Forgets what was: another track, or a pause. */
  reset(): void {
    this.#samples.length = 0;
    this.#samples.push({ at: this.#now(), total: 0 });
  }

  add(attempts: number): void {
    const at = this.#now();
    const total = (this.#samples.at(-1)?.total ?? 0) + attempts;
    if (at - (this.#samples.at(-2)?.at ?? Number.NEGATIVE_INFINITY) < GRAIN_MS) this.#samples.pop();
    this.#samples.push({ at, total });
    while ((this.#samples[1]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
  }

  get rate(): number {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at <= first.at) return 0;
    return ((last.total - first.total) * 1000) / (last.at - first.at);
  }
}
