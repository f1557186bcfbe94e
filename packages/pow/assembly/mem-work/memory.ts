import { link, loadLane, padLink, storeLane } from '../sha256/chain32';

/** Bytes that one step reads and changes, fewer only at the end of the memory. */
export const SLICE: u32 = 32;

/** Size of the memory that a nonce works on, in bytes. */
export let total: u32 = 0;

/** The memory as the seed gives it. Each lane's copy follows, and each has room for a slice behind its end. */
const base: usize = (__heap_base + 63) & ~63;
let stride: usize = 0;
/** Where each step of each lane has changed its copy, to be put right afterwards; none where copying is less. */
let log: usize = 0;
let logged: bool = false;

const chain: usize = memory.data(64, 16);

/**
 * Makes room for a memory of `bytes` bytes, 1 to 2^26, and copies of it for `lanes` nonces of `steps` steps; false
 * when there is none to be had.
 */
export function allocate(bytes: u32, lanes: u32, steps: u32): bool {
  total = bytes;
  stride = (bytes + SLICE + 63) & ~63;
  logged = steps <= bytes / SLICE;
  log = base + stride * (1 + lanes);
  const end = log + (logged ? steps * lanes * 4 : 0);
  const pages = <i32>((end + 0xffff) >> 16);
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0;
}

/** Fills memory and copies with the chain of hashes that follows the hash at `seed`. */
export function fill(seed: usize, lanes: u32): void {
  padLink<u32>(chain);
  loadLane<u32>(chain, 0, seed);
  for (let offset: usize = 0; offset < total; offset += 32) {
    link<u32>(chain);
    storeLane<u32>(base + offset, chain, 0);
  }
  for (let lane: u32 = 0; lane < lanes; lane++) memory.copy(copyOf(lane), base, stride);
}

@inline
export function copyOf(lane: u32): usize {
  return base + stride * (1 + lane);
}

/** Notes that this lane is about to change the slice at `offset`; `n` counts steps and lanes from 0. */
@inline
export function note(n: u32, offset: u32): void {
  if (logged) store<u32>(log + n * 4, offset);
}

/** Makes the copies what they were, after `steps` steps of each lane. */
export function restore(steps: u32, lanes: u32): void {
  for (let lane: u32 = 0; lane < lanes; lane++) {
    const copy = copyOf(lane);
    if (!logged) {
      memory.copy(copy, base, stride);
      continue;
    }
    for (let n = lane; n < steps * lanes; n += lanes) {
      const offset: usize = load<u32>(log + n * 4);
      store<u64>(copy + offset, load<u64>(base + offset));
      store<u64>(copy + offset, load<u64>(base + offset, 8), 8);
      store<u64>(copy + offset, load<u64>(base + offset, 16), 16);
      store<u64>(copy + offset, load<u64>(base + offset, 24), 24);
    }
  }
}
