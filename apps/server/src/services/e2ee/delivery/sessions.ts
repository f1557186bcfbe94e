import type { Ended } from '../accounts.js';
import type { Session } from './session.js';

/** Time open sockets have to take their last frames and answer the close. */
const GRACE_MS = 3_000;

/** Every socket of this instance. */
export class Sessions {
  readonly #open = new Set<Session>();
  readonly #byDevice = new Map<string, Set<Session>>();

  get size(): number {
    return this.#open.size;
  }

  add(session: Session): void {
    this.#open.add(session);
  }

  /** Counts the socket to its device; false when the device has as many as it may. @param bound 0 = none */
  enter(session: Session, device: string, bound: number): boolean {
    const sessions = this.#byDevice.get(device) ?? new Set();
    if (bound > 0 && sessions.size >= bound) return false;
    this.#byDevice.set(device, sessions.add(session));
    return true;
  }

  leave(session: Session, device: string | null): void {
    this.#open.delete(session);
    if (device === null) return;
    const sessions = this.#byDevice.get(device);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#byDevice.delete(device);
  }

  /** Closes what tokens ended for; null = some may have ended unheard, so that each socket asks anew. */
  ended(ended: Ended | null): void {
    for (const session of this.#open) {
      if (ended === null) session.lookAgain();
      else session.endIf(ended);
    }
  }

  /** Closes all (1001) and waits until they are gone; the deaf are cut off. */
  async shutDown(): Promise<void> {
    for (const session of this.#open) session.shutDown();
    const guard = setTimeout(() => {
      for (const session of this.#open) session.terminate();
    }, GRACE_MS);
    while (this.#open.size > 0) await new Promise((done) => setTimeout(done, 10));
    clearTimeout(guard);
  }
}
