import { fill } from './argon2d-chain/fill';
import { absorbBlocks } from './sha256/nonces';
import { collect as collectT, digest as digestT } from './tiny-vm/digest';
import { WORDS, interpret, pc, words } from './tiny-vm/interpreter';
import { LEFT, Stop, machine } from './vm/machine';
import { startRegisters, startWith, tagged } from './vm/start';

export { absorb, digests, input, reset } from './sha256/nonces';
export { words } from './tiny-vm/interpreter';
export { machine, program, stretches } from './vm/machine';

const LANES: u32 = ASC_FEATURE_SIMD ? 4 : 1;
const MEMORY: usize = <usize>WORDS * 4;
const TAG: usize = memory.data<u8>([0x6d, 0x65, 0x6d, 0x3a]); // "mem:"

/** What each lane begins with. */
const registers: usize = memory.data(64 * 4, 16);
const seeds: usize = memory.data(32 * 4, 16);
const memories: usize = memory.data(4096 * 4, 64);

let count: u32 = 0;
let steps: u32 = 0;
let nonces: u32 = 0;
let lane: u32 = 0;
/** One bit for each lane. */
let refusals: u32 = 0;

/** See sha256/nonces. */
export function absorbLanes(first: bool): void {
  if (ASC_FEATURE_SIMD) absorbBlocks<v128>(first);
  else absorbBlocks<u32>(first);
}

/** Says how many instructions the program has and how many steps it runs. */
export function configure(instructions: u32, limit: u32): void {
  count = instructions;
  steps = limit;
}

/** Begins the runs of the first `n` nonces that were hashed; answers as `resume` does. */
export function begin(n: u32): i32 {
  for (let lane: u32 = 0; lane < LANES; lane++) {
    if (ASC_FEATURE_SIMD) startWith<v128>(lane);
    else startWith<u32>(lane);
    startRegisters(registers + lane * 64);
    tagged(seeds + lane * 32, TAG, 4);
  }
  if (ASC_FEATURE_SIMD) fill<v128>(memories, MEMORY, seeds);
  else fill<u32>(memories, MEMORY, seeds);

  nonces = n;
  lane = 0;
  refusals = 0;
  enter();
  return resume(0);
}

/**
 * Goes on from `from`, where compiled code stopped. Answers where it may go on, or -1 when all runs are done and the
 * digests are there.
 */
export function resume(from: u32): i32 {
  for (;;) {
    const stop = interpret(from, count);
    if (stop == Stop.Fits) return pc;
    if (stop == Stop.Refused) refusals |= 1 << lane;
    if (ASC_FEATURE_SIMD) collectT<v128>(lane);
    else collectT<u32>(lane);
    if (++lane == nonces) break;
    enter();
    from = 0;
  }
  if (ASC_FEATURE_SIMD) digestT<v128>();
  else digestT<u32>();
  return -1;
}

/** The lanes whose program was refused, a bit for each. */
export function refused(): u32 {
  return refusals;
}

function enter(): void {
  memory.copy(machine, registers + lane * 64, 64);
  memory.copy(words, memories + lane * MEMORY, MEMORY);
  store<u32>(machine, steps, LEFT);
}
