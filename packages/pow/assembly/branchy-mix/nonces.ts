/**
 * How many nonces the kernel holds. Sorting them costs a fixed price in every round, which more of them share;
 * twice as many would no longer fit into the first cache.
 */
export const CAPACITY: u32 = ASC_FEATURE_SIMD ? 128 : 4;

/** 2^32 divided by the golden ratio. */
export const GOLDEN: u32 = 0x9e3779b9;

/** Rows of four words a, b, c, d, one for each nonce. */
export const states: usize = memory.data(CAPACITY * 16, 64);
/** Rows of sixteen words. */
export const tables: usize = memory.data(CAPACITY * 64, 64);

/** Starts nonce `n` from the 32 bytes at `hash`. */
export function start(n: u32, hash: usize): void {
  memory.copy(states + n * 16, hash, 16);
  let x = load<u32>(hash, 16);
  let y = load<u32>(hash, 20);
  let z = load<u32>(hash, 24);
  let w = load<u32>(hash, 28);
  for (let i: u32 = 0; i < 16; i++) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    y += GOLDEN + (x ^ i);
    z = rotl<u32>(z ^ y, i + 1);
    w ^= z + 0x7f4a7c15;
    store<u32>(tables + n * 64 + i * 4, x ^ y ^ z ^ w);
  }
}
