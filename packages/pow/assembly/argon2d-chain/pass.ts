import { multiply, rotateLeft, rotateLeftBy } from '../mixing/words';
import { add, or, splat, xor } from '../sha256/lanes';
import { BLOCK } from './block';
import { GLOBAL_EVERY, endPass, globalTransform } from './state';

/** The 256 bytes of the algorithm's table, put here by the caller, and room to go round. */
export const table: usize = memory.data(260, 16);

/** The table's words as `k` walks over them, seven bytes a step, twice round, with the pass mixed in. */
const walk: usize = memory.data(512 * 4, 16);
/** The block before, and its first words once more behind it. */
const previous: usize = memory.data(272 * 4, 16);
/** What a block is changed by, before and after it is mixed within itself. */
const mixed: usize = memory.data(512 * 4, 16);

/** Pass number `p` over the `blocks` blocks at `base`, with the global state at `state`. */
export function pass<T>(base: usize, blocks: u32, p: u32, state: usize): void {
  const mask = blocks - 1;
  memory.copy(table + 256, table, 4);
  for (let j: u32 = 0; j < 512; j++) {
    store<u32>(walk + j * 4, load<u32>(table + ((7 * j) & 255)) ^ p ^ 0x243f6a88);
  }

  for (let d: u32 = 0; d < blocks; d++) {
    const before = base + ((d - 1) & mask) * BLOCK;
    memory.copy(previous, before, BLOCK);
    memory.copy(previous + BLOCK, before, 64);
    const chosen = (
      load<u32>(state + (d & 7) * 4) ^
      load<u32>(previous + ((d + 17 * p) & 255) * 4) ^
      load<u32>(previous + ((d + 71) & 255) * 4) ^
      load<u32>(table + ((d ^ p) & 255))
    ) & mask;
    mixBlock<T>(base + d * BLOCK, base + chosen * BLOCK, d);
    if ((d + 1) % GLOBAL_EVERY == 0) globalTransform(base, mask, d, state);
  }
  endPass(state, p);
}

/** Changes `block`, which is number `d`, by the block before it and the `chosen` one. */
@inline
function mixBlock<T>(block: usize, chosen: usize, d: u32): void {
  // 183 * 7 = 1 modulo 256: the words d + 7k of the table follow each other from here.
  const words = walk + ((183 * d) & 255) * 4;
  const number = splat<T>(d ^ 0x85a308d3);
  for (let k: usize = 0; k < BLOCK; k += sizeof<T>()) {
    const u = mix<T>(add<T>(add<T>(load<T>(words + k), load<T>(previous + k)), load<T>(chosen + k)));
    store<T>(mixed + k, mix<T>(add<T>(add<T>(u, load<T>(previous + k, 13 * 4)), number)));
  }
  // In place by the definition: from word 239 on first words are read that are new already. So the new words
  // are written behind the old ones, where the circle goes on.
  for (let k: usize = 0; k < BLOCK; k += sizeof<T>()) {
    const turned = rotateLeftBy<T>(load<T>(mixed + k, 1 * 4), load<T>(mixed + k, 17 * 4));
    const word = xor<T>(load<T>(mixed + k), turned);
    store<T>(mixed + k, word, BLOCK);
    store<T>(block + k, xor<T>(load<T>(block + k), word));
  }
}

@inline
function mix<T>(x: T): T {
  x = xor<T>(x, rotateLeft<T>(x, 7));
  x = multiply<T>(xor<T>(x, splat<T>(0x9e3779b9)), or<T>(x, splat<T>(1)));
  return xor<T>(x, rotateLeft<T>(x, 13));
}
