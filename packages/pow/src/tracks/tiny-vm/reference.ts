import { sha256 } from '@noble/hashes/sha2.js';
import { type Instruction, OP } from '../program/instruction.js';
import { bytesOf, memoryOf, registersOf, rotl, startOf } from '../program/start.js';
import type { TinyVmParams } from './params.js';
import { decode } from './program.js';

const MEMORY = 1024;
/** The number for a program that reaches no instruction, or one that means nothing. */
const REFUSED = 6;

/**
 * TINY_VM in plain TypeScript, which the kernels are tested against: sixteen registers and 1,024 words are made
 * from the nonce, and the round's program runs on them for `steps` steps or until it halts.
 */
export function reference(params: TinyVmParams, nonce: string): Uint8Array | number {
  const start = startOf(params, nonce);
  const registers = registersOf(start);
  const memory = memoryOf('mem:', start, MEMORY);
  if (!run(decode(params.program_hex), params.steps, registers, memory)) return REFUSED;
  const samples = memory.filter((_, i) => i % 32 === 0);
  return sha256(bytesOf([...registers, ...samples]));
}

/** Whether the program came to its end; it ends as well when the steps run out. */
function run(program: readonly Instruction[], steps: number, r: Uint32Array, memory: Uint32Array): boolean {
  let pc = 0;
  for (let step = 0; step < steps; step++) {
    const instruction = program[pc];
    if (!instruction) return false;
    const { op, a, b, imm, target } = instruction;
    const [ra, rb] = [r[a] ?? 0, r[b] ?? 0];
    const address = (rb + imm) % MEMORY;
    pc += 1;
    switch (op) {
      case OP.ADD:
        r[a] = ra + rb + imm;
        break;
      case OP.XOR:
        r[a] = ra ^ rb ^ imm;
        break;
      case OP.MULTIPLY:
        r[a] = Math.imul(ra ^ imm, rb | 1);
        break;
      case OP.ROTATE:
        r[a] = rotl(ra ^ rb, imm);
        break;
      case OP.LOAD:
        r[a] = memory[address] ?? 0;
        break;
      case OP.STORE:
        memory[address] = ra;
        break;
      case OP.BIT:
        r[a] = (rb >>> imm) & 1;
        break;
      case OP.BRANCH:
        if ((ra >>> imm) & 1) pc = target;
        break;
      case OP.JUMP:
        pc = target;
        break;
      case OP.HALT:
        return true;
      default:
        return false;
    }
  }
  return true;
}
