/** A sleep that whoever has news can end. */
export class Doze {
  #wake: (() => void) | undefined;

  /** Resolves after so many milliseconds, or at `wake`; without a time, at `wake` only. */
  sleep(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.wake(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }

  wake(): void {
    this.#wake?.();
  }
}
