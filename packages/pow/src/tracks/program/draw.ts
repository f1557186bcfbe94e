import { bytesToHex } from '@noble/hashes/utils.js';
import { OP } from './instruction.js';

/** As far as a byte says where a branch goes, which is all that TINY_VM has. */
const FARTHEST = 255;
/** Instructions that a branch passes over at the most. */
const LONGEST_SKIP = 8;

/**
 * A program of TINY_VM for a round, in hexadecimal, made from random bytes: 4 for each instruction, 4 to 1,024
 * instructions. Every nonce runs it for all its steps. Throws a RangeError when there are too few bytes.
 */
export function tinyVmProgram(bytes: Uint8Array, instructions: number): string {
  return draw(bytes, instructions, 4, (row, target) => {
    row[2] = target;
  });
}

/** The same for VM_CHAIN: 6 bytes for each instruction, 16 to 4,096 instructions. */
export function vmChainProgram(bytes: Uint8Array, instructions: number): string {
  return draw(bytes, instructions, 6, (row, target) => {
    row[3] = target;
    row[4] = 0;
  });
}

/**
 * Operations 0 to 7, each as likely as the others. Branches only lead forward, by a few instructions, and the last
 * instruction back to the first one: so no nonce is caught in a small loop, ends early or is refused, and which
 * instructions it passes over differs from nonce to nonce and from turn to turn.
 */
function draw(
  bytes: Uint8Array,
  instructions: number,
  size: number,
  putTarget: (row: Uint8Array, target: number) => void,
): string {
  if (bytes.length < instructions * size)
    throw new RangeError(`${instructions} instructions need more bytes`);
  const program = bytes.slice(0, instructions * size);
  const last = Math.min(instructions - 1, FARTHEST);
  for (let i = 0; i < instructions; i++) {
    const row = program.subarray(i * size, (i + 1) * size);
    const [op = 0, , skip = 0] = row;
    const target = Math.min(i + 2 + (skip % LONGEST_SKIP), last);
    row[0] = op % (target > i + 1 ? OP.BRANCH + 1 : OP.BRANCH);
    if (i === instructions - 1) row[0] = OP.JUMP;
    if (row[0] >= OP.BRANCH) putTarget(row, row[0] === OP.JUMP ? 0 : target);
  }
  return bytesToHex(program);
}
