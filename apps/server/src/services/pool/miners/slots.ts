import { keysOf, type Miner } from './miner.js';

/** Proofs in verification at once, per token and per address: nobody's backlog is everybody's. */
export class Slots {
  readonly #bound: number;
  readonly #taken = new Map<string, number>();

  /** @param bound 0 = none */
  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Answers what gives the slot back, once; null when the miner or its address holds as many as it may. */
  take(miner: Miner): (() => void) | null {
    const keys = keysOf(miner);
    if (this.#bound > 0 && keys.some((key) => (this.#taken.get(key) ?? 0) >= this.#bound)) return null;
    for (const key of keys) this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1);
    return () => {
      for (const key of keys) {
        const left = (this.#taken.get(key) ?? 1) - 1;
        if (left > 0) this.#taken.set(key, left);
        else this.#taken.delete(key);
      }
    };
  }
}
