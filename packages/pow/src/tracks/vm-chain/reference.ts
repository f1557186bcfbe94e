import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { type Instruction, OP } from '../program/instruction.js';
import { bytesOf, memoryOf, registersOf, rotl, startOf, tagged, wordsOf } from '../program/start.js';
import type { VmChainParams } from './params.js';
import { decode } from './program.js';

const GOLDEN = 0x9e3779b9;
/** More samples than this are not taken. */
const MAX_SAMPLES = 1024;
/** The number for a program that reaches no instruction, or one that means nothing. */
const REFUSED = 7;

/** What a nonce's run changes. */
interface Machine {
  registers: Uint32Array;
  memory: Uint32Array;
  /** 32 bytes that take in the state every so many steps, and decide where memory is read. */
  chain: Uint8Array;
  /** The word read last. */
  last: number;
}

/**
 * VM_CHAIN in plain TypeScript, which the kernels are tested against: registers, memory and a chain of hashes are
 * made from the nonce, and the round's program runs on them for `steps` steps or until it halts. Throws a
 * RangeError when the memory cannot be had.
 */
export function reference(params: VmChainParams, nonce: string): Uint8Array | number {
  const start = startOf(params, nonce);
  const registers = registersOf(start);
  const machine: Machine = {
    registers,
    memory: memoryOf('vmchain-mem:', start, params.memWords),
    chain: tagged('vmchain-state:', start),
    last: registers[0] ?? 0,
  };
  if (!run(decode(params.program_hex), params, machine)) return REFUSED;

  const { memory, chain } = machine;
  const samples = Array.from({ length: Math.min(params.sampleWords, MAX_SAMPLES) }, (_, i) => {
    const [word = 0] = wordsOf(sha256(concatBytes(chain, bytesOf([i]))));
    return memory[word & (memory.length - 1)] ?? 0;
  });
  return sha256(concatBytes(chain, bytesOf(registers), bytesOf(samples)));
}

/** Whether the program came to its end; it ends as well when the steps run out. */
function run(program: readonly Instruction[], params: VmChainParams, machine: Machine): boolean {
  let pc = 0;
  for (let done = 0; done < params.steps; ) {
    const instruction = program[pc];
    if (!instruction || instruction.op > OP.HALT) return false;
    if (instruction.op === OP.HALT) return true;
    pc = execute(instruction, pc, machine);
    done += 1;
    if (done % params.chainUpdateEvery === 0) {
      const { registers: r, last } = machine;
      const state = [done, pc, last, r[0] ?? 0, r[3] ?? 0, r[7] ?? 0, r[11] ?? 0];
      machine.chain = sha256(concatBytes(machine.chain, bytesOf(state)));
    }
  }
  return true;
}

/** Does one instruction; answers where the next one lies. */
function execute({ op, a, b, imm, target }: Instruction, pc: number, machine: Machine): number {
  const { registers: r, memory } = machine;
  const [ra, rb] = [r[a] ?? 0, r[b] ?? 0];
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
      machine.last = memory[addressOf(machine, rb, imm)] ?? 0;
      r[a] = machine.last;
      break;
    case OP.STORE: {
      const address = addressOf(machine, rb, imm);
      memory[address] = (memory[address] ?? 0) ^ ra;
      break;
    }
    case OP.BIT:
      r[a] = (rb >>> imm) & 1;
      break;
    case OP.BRANCH:
      return ((ra ^ machine.last) >>> imm) & 1 ? target : pc + 1;
    case OP.JUMP:
      return target;
  }
  return pc + 1;
}

/** Where memory is read or changed: nobody knows before the word read last and the chain are there. */
function addressOf({ memory, chain, last }: Machine, rb: number, imm: number): number {
  const [word = 0] = wordsOf(chain);
  const x = (Math.imul(GOLDEN, imm) + last + rb) ^ rotl(word, imm);
  return Math.imul(x ^ 0x27d4eb2d, x | 1) & (memory.length - 1);
}
