/** A bounded line in front of something that few may use at once. */
export class Line {
  #free: number;
  readonly #bound: number;
  readonly #waiting: ((turn: boolean) => void)[] = [];
  #closed = false;

  /** @param width how many at once; @param bound how many may wait */
  constructor(width: number, bound: number) {
    this.#free = width;
    this.#bound = bound;
  }

  /** True when it is one's turn, until `leave`; false when the line is full or closed. */
  enter(): Promise<boolean> {
    if (this.#closed || (this.#free === 0 && this.#waiting.length >= this.#bound)) {
      return Promise.resolve(false);
    }
    if (this.#free === 0) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#free--;
    return Promise.resolve(true);
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next(true);
  }

  /** Sends away who waits. Who is inside stays until done. */
  close(): void {
    this.#closed = true;
    for (const sendAway of this.#waiting.splice(0)) sendAway(false);
  }
}
