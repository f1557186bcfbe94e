import { type Accessor, createSignal } from 'solid-js';

/** A value that whatever shows it follows. */
export class Cell<T> {
  readonly #read: Accessor<T>;
  readonly #write: (value: T) => void;

  constructor(value: T) {
    const [read, write] = createSignal(value);
    this.#read = read;
    this.#write = (next) => void write(() => next);
  }

  get value(): T {
    return this.#read();
  }

  set value(next: T) {
    this.#write(next);
  }
}
