import { initialState, loadLane, storeLane } from '../sha256/chain32';
import { compress } from '../sha256/compress';
import { splat } from '../sha256/lanes';
import { LAST } from '../vm/machine';

/** The message that makes the next chain: sixteen T, of which the first eight are the words of the chain. */
const message: usize = memory.data(256, 16);
/** Its second block, which is padding. */
const padding: usize = memory.data(256, 16);

/** FIPS 180-4 §5.1.1: the message has 60 bytes. */
export function padChain<T>(): void {
  store<T>(message + 15 * sizeof<T>(), splat<T>(0x80000000));
  store<T>(padding + 15 * sizeof<T>(), splat<T>(480));
}

/** Makes the 32 bytes at `from` the chain of lane `lane`. */
export function loadChain<T>(lane: u32, from: usize): void {
  loadLane<T>(message, lane, from);
}

/** Writes the 32 bytes of lane `lane`'s chain to `to`. */
export function storeChain<T>(to: usize, lane: u32): void {
  storeLane<T>(to, message, lane);
}

/** The first word of lane `lane`'s chain. */
export function chainWord(lane: u32): u32 {
  return bswap<u32>(load<u32>(message + lane * 4));
}

/** Says what lane `lane`'s next chain is made from beside its last one. */
export function take<T>(lane: u32, done: u32, pc: u32, machine: usize): void {
  const at = message + 8 * sizeof<T>() + lane * 4;
  store<u32>(at, bswap<u32>(done));
  store<u32>(at + sizeof<T>(), bswap<u32>(pc));
  store<u32>(at + 2 * sizeof<T>(), bswap<u32>(load<u32>(machine, LAST)));
  store<u32>(at + 3 * sizeof<T>(), bswap<u32>(load<u32>(machine, 0 * 4)));
  store<u32>(at + 4 * sizeof<T>(), bswap<u32>(load<u32>(machine, 3 * 4)));
  store<u32>(at + 5 * sizeof<T>(), bswap<u32>(load<u32>(machine, 7 * 4)));
  store<u32>(at + 6 * sizeof<T>(), bswap<u32>(load<u32>(machine, 11 * 4)));
}

/** Goes to the next chain in all lanes. */
export function update<T>(): void {
  compress<T>(message, initialState<T>(), message);
  compress<T>(message, message, padding);
}
