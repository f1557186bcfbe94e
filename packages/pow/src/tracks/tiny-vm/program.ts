import { decodeRows, type Instruction } from '../program/instruction.js';

/** Instructions of four bytes: operation, two registers, a number; the second register's whole byte is a target. */
export function decode(programHex: string): Instruction[] {
  return decodeRows(programHex, 4, (byte) => ({
    op: byte(0),
    a: byte(1) & 15,
    b: byte(2) & 15,
    imm: byte(3),
    target: byte(2),
  }));
}
