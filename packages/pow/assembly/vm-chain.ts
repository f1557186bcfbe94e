import { fill } from './argon2d-chain/fill';
import { absorbBlocks, digests } from './sha256/nonces';
import { chainWord, loadChain, padChain, storeChain, take, update } from './vm-chain/chain';
import { MAX_SAMPLES, digest } from './vm-chain/digest';
import { interpret, pc } from './vm-chain/interpreter';
import { BASE, CHAIN_WORD, LAST, LEFT, MACHINE, Stop, machine } from './vm/machine';
import { startRegisters, startWith, tagged } from './vm/start';

export { absorb, digests, input, reset } from './sha256/nonces';
export { machine, program, stretches } from './vm/machine';

// "vmchain-mem:" and "vmchain-state:"
const MEMORY_TAG: usize = memory.data<u8>([0x76, 0x6d, 0x63, 0x68, 0x61, 0x69, 0x6e, 0x2d, 0x6d, 0x65, 0x6d, 0x3a]);
const CHAIN_TAG: usize = memory.data<u8>([
  0x76, 0x6d, 0x63, 0x68, 0x61, 0x69, 0x6e, 0x2d, 0x73, 0x74, 0x61, 0x74, 0x65, 0x3a,
]);

/** The lanes' machines while another one runs, and where they stopped. */
const machines: usize = memory.data(80 * 4, 16);
const pcs: usize = memory.data(4 * 4, 16);
/** The chain with which a run ended. */
const chain: usize = memory.data(32, 16);
const seeds: usize = memory.data(32 * 4, 16);
/** The nonces' memories, one behind the other. */
const memories: usize = (__heap_base + 63) & ~63;

let count: u32 = 0;
let steps: u32 = 0;
let every: u32 = 0;
let mask: u32 = 0;
let samples: u32 = 0;

/** Lanes still running, and lanes refused: a bit for each. */
let running: u32 = 0;
let refusals: u32 = 0;
let lane: u32 = 0;
/** Steps that all lanes have gone, and those they go before the next chain. */
let done: u32 = 0;
let slice: u32 = 0;

/** See sha256/nonces. */
export function absorbLanes(first: bool): void {
  if (ASC_FEATURE_SIMD) absorbBlocks<v128>(first);
  else absorbBlocks<u32>(first);
}

/** Makes room for `lanes` memories of `words` words; false when there is none to be had. */
export function reserve(lanes: u32, words: u32): bool {
  mask = words - 1;
  const pages = <i32>((memories + lanes * words * 4 + 0xffff) >> 16);
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0;
}

/** Says how many instructions the program has, how it runs, and what is taken of the memory in the end. */
export function configure(instructions: u32, limit: u32, chainUpdateEvery: u32, sampleWords: u32): void {
  count = instructions;
  steps = limit;
  every = chainUpdateEvery;
  samples = min(sampleWords, MAX_SAMPLES);
}

/** Begins the runs of the first `nonces` that were hashed, of the `lanes` there is room for. */
export function begin(nonces: u32, lanes: u32): i32 {
  if (ASC_FEATURE_SIMD) return beginT<v128>(nonces, lanes);
  return beginT<u32>(nonces, lanes);
}

/**
 * Goes on from `from`, where compiled code stopped. Answers where it may go on, or -1 when all runs are done and the
 * digests are there. The nonces take turns from one chain to the next, so that their chains are hashed side by side.
 */
export function resume(from: u32): i32 {
  if (ASC_FEATURE_SIMD) return resumeT<v128>(from);
  return resumeT<u32>(from);
}

/** The lanes whose program was refused, a bit for each. */
export function refused(): u32 {
  return refusals;
}

function beginT<T>(nonces: u32, lanes: u32): i32 {
  const bytes = (mask + 1) * 4;
  padChain<T>();
  for (let n: u32 = 0; n < lanes; n++) {
    const at = machines + n * MACHINE;
    startWith<T>(n);
    startRegisters(at);
    store<u32>(at, load<u32>(at), LAST);
    store<u32>(at, memories + n * bytes, BASE);
    store<u32>(pcs + n * 4, 0);
    tagged(seeds + n * 32, CHAIN_TAG, 14);
    loadChain<T>(n, seeds + n * 32);
    tagged(seeds + n * 32, MEMORY_TAG, 12);
  }
  if (ASC_FEATURE_SIMD && lanes == 4) fill<v128>(memories, bytes, seeds);
  else fill<u32>(memories, bytes, seeds);

  running = (1 << nonces) - 1;
  refusals = 0;
  done = 0;
  slice = min(every, steps);
  enter(0);
  return resumeT<T>(0);
}

function resumeT<T>(from: u32): i32 {
  for (;;) {
    const stop = interpret(from, count, mask);
    if (stop == Stop.Fits) return pc;
    leave<T>(stop);
    const rest = running >> (lane + 1);
    if (rest) {
      enter(lane + 1 + ctz(rest));
    } else {
      done += slice;
      if (slice == every) update<T>();
      if (running == 0 || done == steps) break;
      slice = min(every, steps - done);
      enter(ctz(running));
    }
    from = load<u32>(pcs + lane * 4);
  }
  for (let n: u32 = 0; running >> n; n++) if ((running >> n) & 1) end<T>(n);
  return -1;
}

/** Goes to lane `n`, which has a slice of steps to go. */
function enter(n: u32): void {
  lane = n;
  memory.copy(machine, machines + n * MACHINE, MACHINE);
  store<u32>(machine, slice, LEFT);
  store<u32>(machine, chainWord(n), CHAIN_WORD);
}

function leave<T>(stop: Stop): void {
  memory.copy(machines + lane * MACHINE, machine, MACHINE);
  store<u32>(pcs + lane * 4, pc);
  if (stop == Stop.Spent) {
    take<T>(lane, done + slice, pc, machine);
  } else {
    running &= ~(1 << lane);
    if (stop == Stop.Refused) refusals |= 1 << lane;
    else end<T>(lane);
  }
}

/** Leaves the digest of lane `n`. */
function end<T>(n: u32): void {
  const at = machines + n * MACHINE;
  storeChain<T>(chain, n);
  digest<T>(digests + n * 32, chain, at, load<u32>(at, BASE), mask, samples);
}
