import { initialState, loadLane, storeLane } from '../sha256/chain32';
import { compress } from '../sha256/compress';
import { splat } from '../sha256/lanes';
import { hash } from '../sha256/message';
import { hashes, storeDigests } from '../sha256/nonces';
import { SLICE, copyOf, note, restore, total } from './memory';
import { gather, scatter } from './slices';

/** What a step hashes: the words of the accumulator, of the slice, then in a block of its own the step's number. */
const words: usize = memory.data(256, 16);
const ending: usize = memory.data(256, 16);
const middle: usize = memory.data(128, 16);
/** Bytes of accumulator, slice and number. */
const LENGTH: u32 = 68;

/** Each lane's place in its memory, and its address. */
const places: usize = memory.data(16, 16);
const slices: usize = memory.data(16, 16);
/** What one lane hashes whose slice is cut by the end of the memory. */
const message: usize = memory.data(80, 16);

/** Takes the hashes of the nonces through `steps` steps, each in its copy of the memory, to `digests`. */
export function walk<T>(steps: u32): void {
  const lanes: u32 = sizeof<T>() / 4;
  for (let i: usize = 0; i < 8 * sizeof<T>(); i += 4) store<u32>(words + i, load<u32>(hashes + i));
  for (let i: usize = 1; i < 16; i++) {
    store<T>(ending + i * sizeof<T>(), splat<T>(i == 1 ? 0x80000000 : i == 15 ? LENGTH * 8 : 0));
  }
  for (let lane: u32 = 0; lane < lanes; lane++) store<u32>(places + lane * 4, firstWord(lane) % total);

  for (let step: u32 = 0; step < steps; step++) {
    let cut = false;
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const place = load<u32>(places + lane * 4);
      note(step * lanes + lane, place);
      store<usize>(slices + lane * 4, copyOf(lane) + place);
      if (total - place < SLICE) cut = true;
    }
    if (cut) {
      for (let lane: u32 = 0; lane < lanes; lane++) takeOne<T>(step, lane);
    } else {
      takeAll<T>(step);
    }
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const place = places + lane * 4;
      store<u32>(place, (load<u32>(place) + 1 + firstWord(lane)) % total);
    }
  }
  storeDigests<T>(words);
  restore(steps, lanes);
}

/** One step of every lane, none of whose slices is cut: two compressions. */
function takeAll<T>(step: u32): void {
  gather<T>(words + 8 * sizeof<T>(), slices);
  compress<T>(middle, initialState<T>(), words);
  store<T>(ending, splat<T>(bswap<u32>(step)));
  compress<T>(words, middle, ending);
  scatter<T>(slices, words);
}

/** The same of one lane, by bytes: its slice has fewer than 32 when it is cut. */
function takeOne<T>(step: u32, lane: u32): void {
  const slice = load<usize>(slices + lane * 4);
  const rest = total - load<u32>(places + lane * 4);
  const length = rest < SLICE ? rest : SLICE;
  storeLane<T>(message, words, lane);
  memory.copy(message + 32, slice, length);
  store<u32>(message + 32 + length, step);
  hash(message, message, 36 + length);
  loadLane<T>(words, lane, message);
  for (let i: usize = 0; i < length; i++) store<u8>(slice + i, load<u8>(slice + i) ^ load<u8>(message + i));
}

/** The first word of a lane's accumulator, little-endian. */
@inline
function firstWord(lane: u32): u32 {
  return bswap<u32>(load<u32>(words + lane * 4));
}
