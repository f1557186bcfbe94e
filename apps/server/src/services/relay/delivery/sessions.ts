import type { Session } from './session.js';

/** Time open sockets have to take their last frames and answer the close. */
const GRACE_MS = 3_000;

/** Every socket of this instance. */
export class Sessions {
  readonly #open = new Set<Session>();

  get size(): number {
    return this.#open.size;
  }

  add(session: Session): void {
    this.#open.add(session);
  }

  delete(session: Session): void {
    this.#open.delete(session);
  }

  /** Closes all (1001) and waits until they are gone; the deaf are cut off. */
  async shutDown(): Promise<void> {
    const all = [...this.#open];
    const guard = setTimeout(() => {
      for (const session of all) session.terminate();
    }, GRACE_MS);
    await Promise.all(all.map((session) => session.shutDown()));
    while (this.#open.size > 0) await new Promise((done) => setTimeout(done, 10));
    clearTimeout(guard);
  }
}
