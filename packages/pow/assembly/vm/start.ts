import { storeLane } from '../sha256/chain32';
import { hash } from '../sha256/message';
import { hashes } from '../sha256/nonces';

/** 2^32 divided by the golden ratio. */
const GOLDEN: u32 = 0x9e3779b9;

/** Room for a tag of up to 16 bytes, and behind it the hash of a nonce. */
const message: usize = memory.data(48, 16);
const start: usize = message + 16;

/** Makes lane `lane`'s hash the one that the functions below begin with. */
export function startWith<T>(lane: u32): void {
  storeLane<T>(start, hashes, lane);
}

/** Writes the sixteen registers to `to`. */
export function startRegisters(to: usize): void {
  for (let i: u32 = 0; i < 16; i++) store<u32>(to + i * 4, load<u32>(start + (i & 7) * 4) ^ (GOLDEN * (i + 1)));
}

/** Writes H(the `length` bytes of `tag` ‖ the nonce's hash) to `to`. */
export function tagged(to: usize, tag: usize, length: usize): void {
  memory.copy(start - length, tag, length);
  hash(to, start - length, <u32>length + 32);
}
