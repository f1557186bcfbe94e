import { createSignal } from 'solid-js';
import { microOf, unitsOf } from '../../format/money.js';
import { text } from '../../text/text.js';

const words = text.mine.purse;

export interface Amount {
  typed(): string;
  setTyped(value: string): void;
  /** Nothing is typed: everything is meant. */
  all(): boolean;
  /** In micro; undefined for everything, and for what is no amount. */
  micro(): number | undefined;
  /** What is wrong with it, for the field. */
  fault(): string | undefined;
}

/** An amount that somebody types, held against what there is to take. */
export function createAmount(held: () => number): Amount {
  const [typed, setTyped] = createSignal('');
  const all = () => typed().trim() === '';
  const micro = () => (all() ? undefined : microOf(typed()));
  const fault = () => {
    if (all()) return undefined;
    const amount = micro();
    if (amount === undefined) return words.noAmount;
    return amount > held() ? words.tooMuch(unitsOf(held())) : undefined;
  };
  return { typed, setTyped, all, micro, fault };
}
