import { decodeRows, type Instruction } from '../program/instruction.js';

/** Instructions of six bytes: operation, two registers, a target of two bytes taken modulo their count, a number. */
export function decode(programHex: string): Instruction[] {
  return decodeRows(programHex, 6, (byte, count) => ({
    op: byte(0),
    a: byte(1) & 15,
    b: byte(2) & 15,
    imm: byte(5),
    target: (byte(3) + 256 * byte(4)) % count,
  }));
}
