/**
 * One tab at a time runs an identity: two would use the keys of one ratchet twice. The browser's lock is held as long
 * as the tab lives; another tab may ask for it, and the one that holds it then leaves of its own accord.
 */
export class Seat {
  readonly #release: () => void;
  readonly #channel: BroadcastChannel;
  #left = false;

  private constructor(name: string, release: () => void) {
    this.#release = release;
    this.#channel = new BroadcastChannel(name);
  }

  /** Answers undefined when another tab has it. */
  static take(name: string): Promise<Seat | undefined> {
    return Seat.#request(name, { ifAvailable: true });
  }

  /** Asks whoever has it to leave, and waits until that is done. */
  static async takeOver(name: string): Promise<Seat | undefined> {
    const channel = new BroadcastChannel(name);
    channel.postMessage('leave');
    channel.close();
    return Seat.#request(name, {});
  }

  /** Calls `leave` once when another tab asks for the seat; what it resolves after, gives the seat away. */
  onAsked(leave: () => Promise<void>): void {
    this.#channel.addEventListener('message', ({ data }) => {
      if (data !== 'leave' || this.#left) return;
      void leave().finally(() => this.leave());
    });
  }

  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#channel.close();
    this.#release();
  }

  static #request(name: string, options: LockOptions): Promise<Seat | undefined> {
    return new Promise((resolve, reject) => {
      const held = navigator.locks.request(name, options, (lock) => {
        if (lock === null) return resolve(undefined);
        return new Promise<void>((release) => resolve(new Seat(name, release)));
      });
      held.catch(reject);
    });
  }
}
