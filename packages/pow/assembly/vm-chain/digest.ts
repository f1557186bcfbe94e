import { initialState } from '../sha256/chain32';
import { compress } from '../sha256/compress';
import { splat } from '../sha256/lanes';
import { hash } from '../sha256/message';

/** More samples than this are not taken. */
export const MAX_SAMPLES: u32 = 1024;

/** Chain, registers and samples. */
const message: usize = memory.data(32 + 64 + 1024 * 4, 16);
const samples: usize = message + 96;
/** The message of 36 bytes whose hash says where a sample lies, a sample in each lane. */
const place: usize = memory.data(256, 16);
const places: usize = memory.data(128, 16);

/** Writes the digest of what a run has left to `to`; `count` samples of the memory of `mask` + 1 words at `base`. */
export function digest<T>(to: usize, chain: usize, registers: usize, base: usize, mask: u32, count: u32): void {
  memory.copy(message, chain, 32);
  memory.copy(message + 32, registers, 64);
  for (let i: usize = 0; i < 8; i++) store<T>(place + i * sizeof<T>(), splat<T>(bswap<u32>(load<u32>(chain + i * 4))));
  // FIPS 180-4 §5.1.1: a one bit, zeros, and the length in bits.
  store<T>(place + 9 * sizeof<T>(), splat<T>(0x80000000));
  store<T>(place + 15 * sizeof<T>(), splat<T>(288));

  const lanes: u32 = sizeof<T>() / 4;
  for (let i: u32 = 0; i < count; i += lanes) {
    for (let lane: u32 = 0; lane < lanes; lane++) {
      store<u32>(place + 8 * sizeof<T>() + lane * 4, bswap<u32>(i + lane));
    }
    compress<T>(places, initialState<T>(), place);
    for (let lane: u32 = 0; lane < lanes && i + lane < count; lane++) {
      const index = bswap<u32>(load<u32>(places + lane * 4)) & mask;
      store<u32>(samples + (i + lane) * 4, load<u32>(base + index * 4));
    }
  }
  hash(to, message, 96 + count * 4);
}
