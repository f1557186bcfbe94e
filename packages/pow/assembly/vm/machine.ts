// What a program runs on. Compiled code (src/tracks/program) takes it over whole stretches; the kernel's interpreter
// goes the steps between them, at which compiled code does not look.

/** Most instructions a program has. */
const CAPACITY: i32 = 4096;

/** Bytes of a machine: registers 0 to 15, and behind them the words below. */
export const MACHINE: usize = 80;
/** Steps that may still be gone. */
export const LEFT: usize = 64;
/** VM_CHAIN: the word read last. */
export const LAST: usize = 68;
/** VM_CHAIN: the first word of the chain. */
export const CHAIN_WORD: usize = 72;
/** VM_CHAIN: where the nonce's memory lies. */
export const BASE: usize = 76;

/** The machine that runs: compiled code takes it up from here and leaves it here. */
export const machine: usize = memory.data(80, 64);
/** The program, put here by the caller: rows of operation, a, b, number (a byte each) and target (four bytes). */
export const program: usize = memory.data(CAPACITY * 8, 16);
/** For each pc, the steps of the compiled stretch that begins there; more than there ever are where none does. */
export const stretches: usize = memory.data((CAPACITY + 1) * 4, 16);

/** Why the interpreter stops. */
export enum Stop {
  /** Compiled code may go on. */
  Fits,
  /** There are no steps left. */
  Spent,
  Halted,
  /** There is no instruction, or one that means nothing. */
  Refused,
}

/** Operation codes. 0 to 3 and 6 only calculate. */
export const LOAD: u8 = 4;
export const STORE: u8 = 5;
export const BRANCH: u8 = 7;
export const JUMP: u8 = 8;
export const HALT: u8 = 9;

@inline
export function register(index: u8): usize {
  return machine + <usize>index * 4;
}

/** Whether compiled code may go on at `pc`. */
@inline
export function fits(pc: u32, left: u32): bool {
  return load<u32>(stretches + pc * 4) <= left;
}

/** What an instruction that only calculates leaves in its first register. */
@inline
export function calculate(op: u8, a: u32, b: u32, imm: u32): u32 {
  switch (op) {
    case 0: return a + b + imm;
    case 1: return a ^ b ^ imm;
    case 2: return (a ^ imm) * (b | 1);
    case 3: return rotl<u32>(a ^ b, imm);
    default: return (b >> (imm & 31)) & 1;
  }
}
