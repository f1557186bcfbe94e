import { Cell } from './cell.js';

/** Something that is tried at a press of a button: whether it is under way, and what went wrong. */
export class Attempt {
  readonly #busy = new Cell(false);
  readonly #fault = new Cell<string | undefined>(undefined);

  get busy(): boolean {
    return this.#busy.value;
  }

  /** In words, for people. */
  get fault(): string | undefined {
    return this.#fault.value;
  }

  clear(): void {
    this.#fault.value = undefined;
  }

  /** One at a time: while one is under way another is not begun. */
  async run(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.#busy.value = true;
    this.clear();
    try {
      await work();
    } catch (error) {
      this.#fault.value = error instanceof Error ? error.message : String(error);
    } finally {
      this.#busy.value = false;
    }
  }
}
