/** Enough for a commit to be shared; beside a flood of more than so many, a quiet pair waited twice as long. */
const WIDTH = 16;

/**
 * Lets a few pass at a time for each name, the others in the order they came. A flood to one recipient then waits for
 * itself, in its own requests, and not in front of what everybody else asks of the event loop and the database.
 * Whoever waits holds a connection, or a place among its socket's sends, which are bounded elsewhere.
 */
export class Turnstile {
  readonly #width: number;
  readonly #passing = new Map<string, { inside: number; waiting: (() => void)[] }>();

  /** @param width how many pass at a time; for tests */
  constructor(width = WIDTH) {
    this.#width = width;
  }

  /** Names of which somebody passes or waits. */
  get size(): number {
    return this.#passing.size;
  }

  async pass<T>(name: string, work: () => Promise<T>): Promise<T> {
    const gate = this.#passing.get(name) ?? { inside: 0, waiting: [] };
    this.#passing.set(name, gate);
    // Whoever leaves hands over the place, so that nobody who comes later slips in between.
    if (gate.inside >= this.#width) await new Promise<void>((resolve) => gate.waiting.push(resolve));
    else gate.inside += 1;
    try {
      return await work();
    } finally {
      const next = gate.waiting.shift();
      if (next !== undefined) next();
      else {
        gate.inside -= 1;
        if (gate.inside === 0) this.#passing.delete(name);
      }
    }
  }
}
