import { highPairs, highWords, lowPairs, lowWords } from '../mixing/transpose';
import { multiply, rotateLeft, rotateLeftBy } from '../mixing/words';
import { add, and, or, shiftRight, splat, xor } from '../sha256/lanes';
import { CAPACITY, GOLDEN, states, tables } from './nonces';

// A branch that cannot be foreseen costs more than the work behind it. So in every round the nonces are
// sorted by the way they will take in the next one, and each way is walked by four nonces at once.

const LIST: usize = CAPACITY * 4;
/** For this round and the next: a list of nonces for each of the four ways. */
const lists: usize = memory.data(2 * 4 * CAPACITY * 4, 64);

/** Takes the first `count` nonces through their rounds. */
export function sorted(count: u32, rounds: u32): void {
  let here = lists;
  let there = lists + 4 * LIST;
  // The lengths of four lists, sixteen bits each: kept in one register.
  let lengths: u64 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const state = states + n * 16;
    const s = load<u32>(state) ^ rotl<u32>(load<u32>(state, 4), 7) ^ (load<u32>(state, 8) * GOLDEN);
    lengths = append(here, lengths, (s & 3) * 16, n);
  }
  for (let i: u32 = 0; i < rounds; i++) {
    let next: u64 = 0;
    next = walk(0, here, <u32>lengths & 0xffff, i, there, next);
    next = walk(1, here + LIST, <u32>(lengths >> 16) & 0xffff, i, there, next);
    next = walk(2, here + 2 * LIST, <u32>(lengths >> 32) & 0xffff, i, there, next);
    next = walk(3, here + 3 * LIST, <u32>(lengths >> 48), i, there, next);
    lengths = next;
    const swap = here;
    here = there;
    there = swap;
  }
}

/** Appends nonce `n` to the list of its way, given as sixteen times the way. Answers the new lengths. */
@inline
function append(to: usize, lengths: u64, way: u32, n: u32): u64 {
  const length = <u32>(lengths >> way) & 0xffff;
  store<u32>(to + way * (LIST / 16) + length * 4, n);
  return lengths + ((<u64>1) << way);
}

/** Takes the `length` nonces of one list through round `i` and appends them to the lists of the next. */
@inline
function walk(way: u32, list: usize, length: u32, i: u32, there: usize, next: u64): u64 {
  const end = list + length * 4;
  for (let at = list; at < end; at += 16) {
    // Behind the end stand nonces of earlier rounds: they are read and reckoned with, and then left alone.
    const nonces = v128.load(at);
    const state0 = states + load<u32>(at) * 16;
    const state1 = states + load<u32>(at, 4) * 16;
    const state2 = states + load<u32>(at, 8) * 16;
    const state3 = states + load<u32>(at, 12) * 16;
    const row0 = v128.load(state0);
    const row1 = v128.load(state1);
    const row2 = v128.load(state2);
    const row3 = v128.load(state3);
    let a = lowPairs(lowWords(row0, row1), lowWords(row2, row3));
    let b = highPairs(lowWords(row0, row1), lowWords(row2, row3));
    let c = lowPairs(highWords(row0, row1), highWords(row2, row3));
    let d = highPairs(highWords(row0, row1), highWords(row2, row3));

    if (way == 0) {
      a = add<v128>(a, rotateLeft<v128>(d, 11));
      b = xor<v128>(b, rotateLeft<v128>(a, 3));
      c = add<v128>(c, xor<v128>(b, splat<v128>(0x85ebca6b)));
      d = xor<v128>(d, rotateLeft<v128>(c, 17));
    } else if (way == 1) {
      a = add<v128>(product(a, 0x27d4eb2d, b), c);
      b = add<v128>(product(b, 0x165667b1, c), d);
      c = add<v128>(product(c, 0xd3a2646c, d), a);
      d = add<v128>(product(d, 0xfd7046c5, a), b);
    } else if (way == 2) {
      const k = xor<v128>(rotateLeft<v128>(selector(a, b, c, i), 5), shiftRight<v128>(b, 3));
      const v = lookUp(nonces, k);
      a = xor<v128>(a, v);
      b = add<v128>(b, rotateLeftBy<v128>(v, add<v128>(lowBits(a), splat<v128>(1))));
      c = xor<v128>(c, add<v128>(v, splat<v128>(i)));
      d = add<v128>(d, xor<v128>(a, c));
    } else {
      const k = xor<v128>(selector(a, b, c, i), rotateLeft<v128>(a, 9));
      const v = xor<v128>(lookUp(nonces, k), rotateLeft<v128>(lookUp(nonces, add<v128>(k, splat<v128>(7))), 13));
      a = add<v128>(rotateLeft<v128>(xor<v128>(a, v), 9), b);
      b = xor<v128>(rotateLeft<v128>(add<v128>(b, v), 5), c);
      c = add<v128>(rotateLeft<v128>(xor<v128>(c, add<v128>(a, splat<v128>(i))), 3), d);
      d = xor<v128>(rotateLeft<v128>(add<v128>(d, xor<v128>(b, splat<v128>(i))), 7), a);
    }
    const t = a;
    a = add<v128>(a, c);
    c = xor<v128>(c, b);
    b = add<v128>(b, d);
    d = xor<v128>(d, t);

    const ways = i32x4.shl(and<v128>(selector(a, b, c, i + 1), splat<v128>(3)), 4);
    const low01 = lowWords(a, b);
    const low23 = lowWords(c, d);
    const high01 = highWords(a, b);
    const high23 = highWords(c, d);
    v128.store(state0, lowPairs(low01, low23));
    next = append(there, next, i32x4.extract_lane(ways, 0), load<u32>(at));
    if (at + 4 >= end) break;
    v128.store(state1, highPairs(low01, low23));
    next = append(there, next, i32x4.extract_lane(ways, 1), load<u32>(at, 4));
    if (at + 8 >= end) break;
    v128.store(state2, lowPairs(high01, high23));
    next = append(there, next, i32x4.extract_lane(ways, 2), load<u32>(at, 8));
    if (at + 12 >= end) break;
    v128.store(state3, highPairs(high01, high23));
    next = append(there, next, i32x4.extract_lane(ways, 3), load<u32>(at, 12));
  }
  return next;
}

/** `s`, whose lowest two bits choose the way in round `i`. */
@inline
function selector(a: v128, b: v128, c: v128, i: u32): v128 {
  const mixed = xor<v128>(xor<v128>(a, rotateLeft<v128>(b, 7)), splat<v128>(i));
  return xor<v128>(mixed, multiply<v128>(c, splat<v128>(GOLDEN)));
}

@inline
function product(x: v128, constant: u32, y: v128): v128 {
  return multiply<v128>(xor<v128>(x, splat<v128>(constant)), or<v128>(y, splat<v128>(1)));
}

@inline
function lowBits(x: v128): v128 {
  return and<v128>(x, splat<v128>(15));
}

/** Word `k` modulo 16 of the table of each of the four nonces. */
@inline
function lookUp(nonces: v128, k: v128): v128 {
  const at = add<v128>(i32x4.shl(nonces, 6), i32x4.shl(lowBits(k), 2));
  let v = v128.load32_zero(tables + i32x4.extract_lane(at, 0));
  v = v128.load_lane<u32>(tables + i32x4.extract_lane(at, 1), v, 1);
  v = v128.load_lane<u32>(tables + i32x4.extract_lane(at, 2), v, 2);
  return v128.load_lane<u32>(tables + i32x4.extract_lane(at, 3), v, 3);
}
