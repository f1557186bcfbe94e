/** Acknowledgements on their way: collected for a moment, so that a thousand messages do not cost a thousand frames. */
export class Acks {
  readonly #write: (ids: string[]) => void;
  #ids: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param write - sends one `delivery_ack`; called with at most {@link Acks.BATCH} ids */
  constructor(write: (ids: string[]) => void) {
    this.#write = write;
  }

  /** Ids per frame. */
  static readonly BATCH = 100;
  /** Milliseconds the first id of a batch waits for others. */
  static readonly DELAY_MS = 20;

  add(id: string): void {
    this.#ids.push(id);
    if (this.#ids.length >= Acks.BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), Acks.DELAY_MS);
  }

  flush(): void {
    const ids = this.#ids;
    this.drop();
    if (ids.length > 0) this.#write(ids);
  }

  /** Forgets what was not sent: after a drop those messages come again and are acknowledged then. */
  drop(): void {
    this.#ids = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
