import { signed, unsigned } from './leb128.js';

// Instructions of WebAssembly (§5.4), as far as compiled programs need them. Operands come first in the bytes, so
// an instruction takes the code of its operands and reads like an expression.

/** Bytes, in any nesting. */
export type Code = readonly (number | Code)[];

const NO_RESULT = 0x40;
const END = 0x0b;
/** Words lie at addresses that are multiples of 2^2. */
const WORD_ALIGNED = 2;

export const constant = (value: number): Code => [0x41, signed(value)];
export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];

const binary = (opcode: number) => (x: Code, y: Code) => [x, y, opcode];
export const lessThan = binary(0x48);
export const add = binary(0x6a);
export const subtract = binary(0x6b);
export const multiply = binary(0x6c);
export const and = binary(0x71);
export const or = binary(0x72);
export const xor = binary(0x73);
export const shiftLeft = binary(0x74);
export const shiftRight = binary(0x76);
export const rotateLeft = binary(0x77);

/** The word at `address` + `offset`. */
export const load = (address: Code, offset: number): Code => [address, 0x28, WORD_ALIGNED, unsigned(offset)];
export const store = (address: Code, offset: number, value: Code): Code => [
  address,
  value,
  0x36,
  WORD_ALIGNED,
  unsigned(offset),
];

/** Code with a label at its end. */
export const block = (...body: Code[]): Code => [0x02, NO_RESULT, body, END];
/** As many labels within each other, the first the innermost, and behind each of them its region. */
export const regions = (within: Code, behind: readonly Code[]): Code => [
  behind.map(() => [0x02, NO_RESULT]),
  within,
  behind.map((region) => [END, region]),
];
/** Code with a label at its beginning. */
export const loop = (...body: Code[]): Code => [0x03, NO_RESULT, body, END];
/** A block that is passed over when `condition` is zero. */
export const when = (condition: Code, ...body: Code[]): Code => [condition, 0x04, NO_RESULT, body, END];
/** Goes to the label that `label` others lie within. */
export const branch = (label: number): Code => [0x0c, unsigned(label)];
/** Goes to the label that `index` picks, or behind the last one to `otherwise`. */
export const branchTable = (index: Code, labels: readonly number[], otherwise: number): Code => [
  index,
  0x0e,
  unsigned(labels.length),
  labels.map(unsigned),
  unsigned(otherwise),
];
