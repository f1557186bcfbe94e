import { compress, loadBlock } from './compress';
import { INITIAL_STATE } from './constants';

const state: usize = memory.data(32, 16);
const words: usize = memory.data(64, 16);
/** The last one or two blocks, padded. */
const tail: usize = memory.data(128, 16);

/** Writes the 32 bytes of H(the `length` bytes at `from`) to `to`, which may lie in them. */
export function hash(to: usize, from: usize, length: u32): void {
  for (let i: usize = 0; i < 32; i += 4) store<u32>(state + i, load<u32>(INITIAL_STATE + i));
  const rest = length % 64;
  const whole = from + length - rest;
  for (; from < whole; from += 64) absorb(from);

  // FIPS 180-4 §5.1.1: a one bit, zeros, and the length in bits as the last eight bytes.
  const end: u32 = rest < 56 ? 64 : 128;
  memory.copy(tail, from, rest);
  memory.fill(tail + rest, 0, end - rest);
  store<u8>(tail + rest, 0x80);
  store<u64>(tail + end - 8, bswap<u64>(<u64>length * 8));
  absorb(tail);
  if (end > 64) absorb(tail + 64);
  for (let i: usize = 0; i < 32; i += 4) store<u32>(to + i, bswap<u32>(load<u32>(state + i)));
}

function absorb(block: usize): void {
  loadBlock<u32>(words, block);
  compress<u32>(state, state, words);
}
