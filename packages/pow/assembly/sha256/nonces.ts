import { storeLane } from './chain32';
import { compress, loadBlock } from './compress';
import { INITIAL_STATE } from './constants';
import { splat } from './lanes';

// Messages that begin alike and end, in one lane each, with a nonce. Who calls pads them; see src/kernel/nonces.ts.

/** Where the caller puts one block of 64 bytes for each lane, or one of the common beginning. */
export const input: usize = memory.data(256, 16);
/** The words of the hashes, eight T. */
export const hashes: usize = memory.data(128, 16);
/** Where the caller finds the digests, 32 bytes for each lane. */
export const digests: usize = memory.data(128, 16);
/** The state after the whole blocks of the beginning. */
export const prefix: usize = memory.data(32, 16);

const words: usize = memory.data(256, 16);

/** Starts a beginning. */
export function reset(): void {
  for (let i: usize = 0; i < 32; i += 4) store<u32>(prefix + i, load<u32>(INITIAL_STATE + i));
}

/** Hashes the block at `input` into the beginning. */
export function absorb(): void {
  loadBlock<u32>(words, input);
  compress<u32>(prefix, prefix, words);
}

/** Copies the eight words of a state, each to every lane. */
export function spread<T>(to: usize, from: usize): void {
  for (let i: usize = 0; i < 8; i++) store<T>(to + i * sizeof<T>(), splat<T>(load<u32>(from + i * 4)));
}

/** Hashes the blocks at `input` into `hashes`, each into its lane; the `first` ones follow the beginning. */
export function absorbBlocks<T>(first: bool): void {
  if (first) spread<T>(hashes, prefix);
  for (let lane: usize = 0; lane < sizeof<T>() / 4; lane++) {
    for (let i: usize = 0; i < 16; i++) {
      store<u32>(words + i * sizeof<T>() + lane * 4, bswap<u32>(load<u32>(input + lane * 64 + i * 4)));
    }
  }
  compress<T>(hashes, hashes, words);
}

/** Leaves eight words of all lanes as `digests`. */
export function storeDigests<T>(words: usize): void {
  for (let lane: u32 = 0; lane < sizeof<T>() / 4; lane++) storeLane<T>(digests + lane * 32, words, lane);
}
