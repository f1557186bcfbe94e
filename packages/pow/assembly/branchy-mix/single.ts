import { GOLDEN, states, tables } from './nonces';

/** Takes nonce `n` through its rounds, each by a branch that the processor cannot foresee. */
export function single(n: u32, rounds: u32): void {
  const state = states + n * 16;
  const table = tables + n * 64;
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  for (let i: u32 = 0; i < rounds; i++) {
    const s = a ^ rotl<u32>(b, 7) ^ (c * GOLDEN) ^ i;
    switch (s & 3) {
      case 0: {
        a += rotl<u32>(d, 11);
        b ^= rotl<u32>(a, 3);
        c += b ^ 0x85ebca6b;
        d ^= rotl<u32>(c, 17);
        break;
      }
      case 1: {
        a = (a ^ 0x27d4eb2d) * (b | 1) + c;
        b = (b ^ 0x165667b1) * (c | 1) + d;
        c = (c ^ 0xd3a2646c) * (d | 1) + a;
        d = (d ^ 0xfd7046c5) * (a | 1) + b;
        break;
      }
      case 2: {
        const v = load<u32>(table + ((rotl<u32>(s, 5) ^ (b >> 3)) & 15) * 4);
        a ^= v;
        b += rotl<u32>(v, (a & 15) + 1);
        c ^= v + i;
        d += a ^ c;
        break;
      }
      default: {
        const k = s ^ rotl<u32>(a, 9);
        const v = load<u32>(table + (k & 15) * 4) ^ rotl<u32>(load<u32>(table + ((k + 7) & 15) * 4), 13);
        a = rotl<u32>(a ^ v, 9) + b;
        b = rotl<u32>(b + v, 5) ^ c;
        c = rotl<u32>(c ^ (a + i), 3) + d;
        d = rotl<u32>(d + (b ^ i), 7) ^ a;
      }
    }
    const t = a;
    a += c;
    c ^= b;
    b += d;
    d ^= t;
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, d, 12);
}
