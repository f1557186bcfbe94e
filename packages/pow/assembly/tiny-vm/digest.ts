import { compress } from '../sha256/compress';
import { initialState } from '../sha256/chain32';
import { splat } from '../sha256/lanes';
import { storeDigests } from '../sha256/nonces';
import { machine } from '../vm/machine';
import { words } from './interpreter';

/** Words that are hashed: the registers and every 32nd word of memory. */
const COUNT: usize = 48;

/** The words of a message in each lane, and its padding. */
const message: usize = memory.data(64 * 16, 16);
const state: usize = memory.data(128, 16);

/** Takes what lane `lane`'s run has left. */
export function collect<T>(lane: u32): void {
  for (let i: usize = 0; i < COUNT; i++) {
    const word = load<u32>(i < 16 ? machine + i * 4 : words + (i - 16) * 128);
    store<u32>(message + i * sizeof<T>() + lane * 4, bswap<u32>(word));
  }
}

/** Leaves the digests of what was collected. */
export function digest<T>(): void {
  for (let i = COUNT; i < 64; i++) {
    // FIPS 180-4 §5.1.1: a one bit, zeros, and the length in bits.
    store<T>(message + i * sizeof<T>(), splat<T>(i == COUNT ? 0x80000000 : i == 63 ? <u32>COUNT * 32 : 0));
  }
  memory.copy(state, initialState<T>(), 8 * sizeof<T>());
  for (let i: usize = 0; i < 64; i += 16) compress<T>(state, state, message + i * sizeof<T>());
  storeDigests<T>(state);
}
