/**
 * The last ids met, in bounded memory and constant time: two generations, of which the older is forgotten when
 * the younger is full. Remembers at least `size` and at most twice as many.
 */
export class Seen {
  readonly #size: number;
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(size: number) {
    this.#size = size;
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id);
  }

  add(id: string): void {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(id);
  }

  delete(id: string): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }
}
