import { hexToBytes } from '@noble/hashes/utils.js';

/** Operation codes that both machines have; what else there is, is an error when it is reached. */
export const OP = {
  ADD: 0,
  XOR: 1,
  MULTIPLY: 2,
  ROTATE: 3,
  LOAD: 4,
  STORE: 5,
  BIT: 6,
  BRANCH: 7,
  JUMP: 8,
  HALT: 9,
} as const;

/** One instruction, its fields cut to what they mean. */
export interface Instruction {
  op: number;
  /** Registers, 0 to 15. */
  a: number;
  b: number;
  imm: number;
  /** Where a jump goes. */
  target: number;
}

/** Cuts a program into rows of `size` bytes, each read by `decode`. */
export function decodeRows(
  programHex: string,
  size: number,
  decode: (byte: (i: number) => number, count: number) => Instruction,
): Instruction[] {
  const bytes = hexToBytes(programHex);
  const count = bytes.length / size;
  return Array.from({ length: count }, (_, row) => decode((i) => bytes[row * size + i] ?? 0, count));
}
