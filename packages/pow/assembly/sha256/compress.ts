import { ROUND_CONSTANTS } from './constants';
import { add, and, loadSplat, rotateRight, select, shiftRight, splat, xor } from './lanes';

/** T1 of FIPS 180-4 §6.2.2 step 3; `k` points to the round constant. */
@inline
function t1<T>(e: T, f: T, g: T, h: T, w: T, k: usize): T {
  const sum = xor<T>(xor<T>(rotateRight<T>(e, 6), rotateRight<T>(e, 11)), rotateRight<T>(e, 25));
  // h, w and k do not wait for the round before, so they come first.
  return add<T>(add<T>(add<T>(h, w), loadSplat<T>(k)), add<T>(select<T>(f, g, e), sum));
}

/** T2. Maj(a, b, c) is written so that its b ^ c is the a ^ b of the round before, which the engine finds. */
@inline
function t2<T>(a: T, b: T, c: T): T {
  const sum = xor<T>(xor<T>(rotateRight<T>(a, 2), rotateRight<T>(a, 13)), rotateRight<T>(a, 22));
  return add<T>(sum, xor<T>(b, and<T>(xor<T>(a, b), xor<T>(b, c))));
}

/** FIPS 180-4 §6.2.2 step 1: the word sixteen after `w0`. */
@inline
function schedule<T>(w0: T, w1: T, w9: T, w14: T): T {
  const sigma0 = xor<T>(xor<T>(rotateRight<T>(w1, 7), rotateRight<T>(w1, 18)), shiftRight<T>(w1, 3));
  const sigma1 = xor<T>(xor<T>(rotateRight<T>(w14, 17), rotateRight<T>(w14, 19)), shiftRight<T>(w14, 10));
  return add<T>(add<T>(w0, sigma0), add<T>(w9, sigma1));
}

/** Writes the sixteen big-endian words of the 64 bytes at `block` to `words`, each in every lane. */
export function loadBlock<T>(words: usize, block: usize): void {
  for (let i: usize = 0; i < 16; i++) {
    store<T>(words + i * sizeof<T>(), splat<T>(bswap<u32>(load<u32>(block + i * 4))));
  }
}

/**
 * The SHA-256 compression function, FIPS 180-4 §6.2.2: `out` = `state` after the block `words`. `state` and
 * `out` hold eight T, `words` sixteen; `out` may be `state`. Sixteen rounds are written out so that no
 * variable ever moves, each beside the schedule of its own word, which is work that need not wait for it.
 */
export function compress<T>(out: usize, state: usize, words: usize): void {
  let a = load<T>(state);
  let b = load<T>(state, 1 * sizeof<T>());
  let c = load<T>(state, 2 * sizeof<T>());
  let d = load<T>(state, 3 * sizeof<T>());
  let e = load<T>(state, 4 * sizeof<T>());
  let f = load<T>(state, 5 * sizeof<T>());
  let g = load<T>(state, 6 * sizeof<T>());
  let h = load<T>(state, 7 * sizeof<T>());

  let w0 = load<T>(words);
  let w1 = load<T>(words, 1 * sizeof<T>());
  let w2 = load<T>(words, 2 * sizeof<T>());
  let w3 = load<T>(words, 3 * sizeof<T>());
  let w4 = load<T>(words, 4 * sizeof<T>());
  let w5 = load<T>(words, 5 * sizeof<T>());
  let w6 = load<T>(words, 6 * sizeof<T>());
  let w7 = load<T>(words, 7 * sizeof<T>());
  let w8 = load<T>(words, 8 * sizeof<T>());
  let w9 = load<T>(words, 9 * sizeof<T>());
  let w10 = load<T>(words, 10 * sizeof<T>());
  let w11 = load<T>(words, 11 * sizeof<T>());
  let w12 = load<T>(words, 12 * sizeof<T>());
  let w13 = load<T>(words, 13 * sizeof<T>());
  let w14 = load<T>(words, 14 * sizeof<T>());
  let w15 = load<T>(words, 15 * sizeof<T>());

  let k = ROUND_CONSTANTS;
  h = t1<T>(e, f, g, h, w0, k); d = add<T>(d, h); h = add<T>(h, t2<T>(a, b, c));
  g = t1<T>(d, e, f, g, w1, k + 4); c = add<T>(c, g); g = add<T>(g, t2<T>(h, a, b));
  f = t1<T>(c, d, e, f, w2, k + 8); b = add<T>(b, f); f = add<T>(f, t2<T>(g, h, a));
  e = t1<T>(b, c, d, e, w3, k + 12); a = add<T>(a, e); e = add<T>(e, t2<T>(f, g, h));
  d = t1<T>(a, b, c, d, w4, k + 16); h = add<T>(h, d); d = add<T>(d, t2<T>(e, f, g));
  c = t1<T>(h, a, b, c, w5, k + 20); g = add<T>(g, c); c = add<T>(c, t2<T>(d, e, f));
  b = t1<T>(g, h, a, b, w6, k + 24); f = add<T>(f, b); b = add<T>(b, t2<T>(c, d, e));
  a = t1<T>(f, g, h, a, w7, k + 28); e = add<T>(e, a); a = add<T>(a, t2<T>(b, c, d));
  h = t1<T>(e, f, g, h, w8, k + 32); d = add<T>(d, h); h = add<T>(h, t2<T>(a, b, c));
  g = t1<T>(d, e, f, g, w9, k + 36); c = add<T>(c, g); g = add<T>(g, t2<T>(h, a, b));
  f = t1<T>(c, d, e, f, w10, k + 40); b = add<T>(b, f); f = add<T>(f, t2<T>(g, h, a));
  e = t1<T>(b, c, d, e, w11, k + 44); a = add<T>(a, e); e = add<T>(e, t2<T>(f, g, h));
  d = t1<T>(a, b, c, d, w12, k + 48); h = add<T>(h, d); d = add<T>(d, t2<T>(e, f, g));
  c = t1<T>(h, a, b, c, w13, k + 52); g = add<T>(g, c); c = add<T>(c, t2<T>(d, e, f));
  b = t1<T>(g, h, a, b, w14, k + 56); f = add<T>(f, b); b = add<T>(b, t2<T>(c, d, e));
  a = t1<T>(f, g, h, a, w15, k + 60); e = add<T>(e, a); a = add<T>(a, t2<T>(b, c, d));

  do {
    k += 64;
    w0 = schedule<T>(w0, w1, w9, w14);
    h = t1<T>(e, f, g, h, w0, k); d = add<T>(d, h); h = add<T>(h, t2<T>(a, b, c));
    w1 = schedule<T>(w1, w2, w10, w15);
    g = t1<T>(d, e, f, g, w1, k + 4); c = add<T>(c, g); g = add<T>(g, t2<T>(h, a, b));
    w2 = schedule<T>(w2, w3, w11, w0);
    f = t1<T>(c, d, e, f, w2, k + 8); b = add<T>(b, f); f = add<T>(f, t2<T>(g, h, a));
    w3 = schedule<T>(w3, w4, w12, w1);
    e = t1<T>(b, c, d, e, w3, k + 12); a = add<T>(a, e); e = add<T>(e, t2<T>(f, g, h));
    w4 = schedule<T>(w4, w5, w13, w2);
    d = t1<T>(a, b, c, d, w4, k + 16); h = add<T>(h, d); d = add<T>(d, t2<T>(e, f, g));
    w5 = schedule<T>(w5, w6, w14, w3);
    c = t1<T>(h, a, b, c, w5, k + 20); g = add<T>(g, c); c = add<T>(c, t2<T>(d, e, f));
    w6 = schedule<T>(w6, w7, w15, w4);
    b = t1<T>(g, h, a, b, w6, k + 24); f = add<T>(f, b); b = add<T>(b, t2<T>(c, d, e));
    w7 = schedule<T>(w7, w8, w0, w5);
    a = t1<T>(f, g, h, a, w7, k + 28); e = add<T>(e, a); a = add<T>(a, t2<T>(b, c, d));
    w8 = schedule<T>(w8, w9, w1, w6);
    h = t1<T>(e, f, g, h, w8, k + 32); d = add<T>(d, h); h = add<T>(h, t2<T>(a, b, c));
    w9 = schedule<T>(w9, w10, w2, w7);
    g = t1<T>(d, e, f, g, w9, k + 36); c = add<T>(c, g); g = add<T>(g, t2<T>(h, a, b));
    w10 = schedule<T>(w10, w11, w3, w8);
    f = t1<T>(c, d, e, f, w10, k + 40); b = add<T>(b, f); f = add<T>(f, t2<T>(g, h, a));
    w11 = schedule<T>(w11, w12, w4, w9);
    e = t1<T>(b, c, d, e, w11, k + 44); a = add<T>(a, e); e = add<T>(e, t2<T>(f, g, h));
    w12 = schedule<T>(w12, w13, w5, w10);
    d = t1<T>(a, b, c, d, w12, k + 48); h = add<T>(h, d); d = add<T>(d, t2<T>(e, f, g));
    w13 = schedule<T>(w13, w14, w6, w11);
    c = t1<T>(h, a, b, c, w13, k + 52); g = add<T>(g, c); c = add<T>(c, t2<T>(d, e, f));
    w14 = schedule<T>(w14, w15, w7, w12);
    b = t1<T>(g, h, a, b, w14, k + 56); f = add<T>(f, b); b = add<T>(b, t2<T>(c, d, e));
    w15 = schedule<T>(w15, w0, w8, w13);
    a = t1<T>(f, g, h, a, w15, k + 60); e = add<T>(e, a); a = add<T>(a, t2<T>(b, c, d));
  } while (k != ROUND_CONSTANTS + 192);

  store<T>(out, add<T>(a, load<T>(state)));
  store<T>(out, add<T>(b, load<T>(state, 1 * sizeof<T>())), 1 * sizeof<T>());
  store<T>(out, add<T>(c, load<T>(state, 2 * sizeof<T>())), 2 * sizeof<T>());
  store<T>(out, add<T>(d, load<T>(state, 3 * sizeof<T>())), 3 * sizeof<T>());
  store<T>(out, add<T>(e, load<T>(state, 4 * sizeof<T>())), 4 * sizeof<T>());
  store<T>(out, add<T>(f, load<T>(state, 5 * sizeof<T>())), 5 * sizeof<T>());
  store<T>(out, add<T>(g, load<T>(state, 6 * sizeof<T>())), 6 * sizeof<T>());
  store<T>(out, add<T>(h, load<T>(state, 7 * sizeof<T>())), 7 * sizeof<T>());
}
