import { en } from './en.js';

/** A translation has every key of the English words, each with the same arguments. */
export type Words<T = typeof en> = {
  readonly [Key in keyof T]: T[Key] extends string
    ? string
    : T[Key] extends (...args: infer Args) => string
      ? (...args: Args) => string
      : Words<T[Key]>;
};

/** All words of the console, in the language of this page. */
export const text: Words = en;
