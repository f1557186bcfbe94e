import { compress } from './compress';
import { INITIAL_STATE } from './constants';
import { splat } from './lanes';

const INITIAL_LANES: usize = memory.data(128, 16);
if (ASC_FEATURE_SIMD) {
  for (let i: usize = 0; i < 8; i++) {
    store<v128>(INITIAL_LANES + i * 16, i32x4.splat(load<u32>(INITIAL_STATE + i * 4)));
  }
}

/** Where the state lies that a message begins with, in every lane. */
@inline
export function initialState<T>(): usize {
  return isVector<T>() ? INITIAL_LANES : INITIAL_STATE;
}

// A link is a message of 32 bytes, padded: sixteen T, of which the first eight are its words, big-endian as the
// compression function has them. `link` replaces them by the words of its hash, so that a chain of hashes runs
// in place and never swaps bytes.

/** Makes a link of the sixteen T at `at`; the first eight are the caller's. */
export function padLink<T>(at: usize): void {
  for (let i: usize = 8; i < 16; i++) {
    // FIPS 180-4 §5.1.1: a one bit, zeros, and the length of 256 bits.
    store<T>(at + i * sizeof<T>(), splat<T>(i == 8 ? 0x80000000 : i == 15 ? 256 : 0));
  }
}

/** Goes from one link to the next: H of the eight words at `at`, of each lane. One compression. */
@inline
export function link<T>(at: usize): void {
  compress<T>(at, initialState<T>(), at);
}

/** Brings the 32 bytes at `from` into lane `lane` of the words at `at`. */
export function loadLane<T>(at: usize, lane: u32, from: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    store<u32>(at + i * sizeof<T>() + lane * 4, bswap<u32>(load<u32>(from + i * 4)));
  }
}

/** Writes lane `lane` of the words at `at` as 32 bytes to `to`. */
export function storeLane<T>(to: usize, at: usize, lane: u32): void {
  for (let i: usize = 0; i < 8; i++) {
    store<u32>(to + i * 4, bswap<u32>(load<u32>(at + i * sizeof<T>() + lane * 4)));
  }
}
