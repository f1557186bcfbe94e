import { sha256 } from '@noble/hashes/sha2.js';
import type { BranchyMixParams } from './params.js';

const GOLDEN = 0x9e3779b9;
const utf8 = new TextEncoder();

/**
 * BRANCHY_MIX in plain TypeScript, which the kernels are tested against: a state of four words takes one of
 * four ways in every round, and which one is known only when the round before is done.
 */
export function reference({ challenge, seed, rounds }: BranchyMixParams, nonce: string): Uint8Array {
  const start = sha256
    .create()
    .update(utf8.encode(challenge))
    .update(utf8.encode(seed))
    .update(utf8.encode(nonce))
    .digest();
  const from = new DataView(start.buffer, start.byteOffset);
  const word = (i: number) => from.getUint32(4 * i, true);

  const table = makeTable(word(4), word(5), word(6), word(7));
  const at = (i: number) => table[i & 15] ?? 0;
  let [a, b, c, d] = [word(0), word(1), word(2), word(3)];

  for (let i = 0; i < rounds; i++) {
    const s = a ^ rotl(b, 7) ^ Math.imul(c, GOLDEN) ^ i;
    switch (s & 3) {
      case 0:
        a += rotl(d, 11);
        b ^= rotl(a, 3);
        c += b ^ 0x85ebca6b;
        d ^= rotl(c, 17);
        break;
      case 1:
        a = Math.imul(a ^ 0x27d4eb2d, b | 1) + c;
        b = Math.imul(b ^ 0x165667b1, c | 1) + d;
        c = Math.imul(c ^ 0xd3a2646c, d | 1) + a;
        d = Math.imul(d ^ 0xfd7046c5, a | 1) + b;
        break;
      case 2: {
        const v = at(rotl(s, 5) ^ (b >>> 3));
        a ^= v;
        b += rotl(v, (a & 15) + 1);
        c ^= v + i;
        d += a ^ c;
        break;
      }
      default: {
        const k = s ^ rotl(a, 9);
        const v = at(k) ^ rotl(at(k + 7), 13);
        a = rotl(a ^ v, 9) + b;
        b = rotl(b + v, 5) ^ c;
        c = rotl(c ^ (a + i), 3) + d;
        d = rotl(d + (b ^ i), 7) ^ a;
      }
    }
    const t = a;
    a += c;
    c ^= b;
    b += d;
    d ^= t;
    // Sums of 32-bit words stay exact in a double for a round; here they become words again.
    [a, b, c, d] = [a | 0, b | 0, c | 0, d | 0];
  }

  const digest = new DataView(new ArrayBuffer(16));
  for (const [i, value] of [a, b, c, d].entries()) digest.setUint32(4 * i, value, true);
  return sha256(new Uint8Array(digest.buffer));
}

/** The sixteen words that the ways 2 and 3 read: an xorshift, a counter and a rotation, mixed. */
function makeTable(x: number, y: number, z: number, w: number): Uint32Array {
  const table = new Uint32Array(16);
  for (let i = 0; i < 16; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    y = (y + GOLDEN + (x ^ i)) | 0;
    z = rotl(z ^ y, i + 1);
    w ^= z + 0x7f4a7c15;
    table[i] = x ^ y ^ z ^ w;
  }
  return table;
}

/** Rotates a 32-bit word left; shifts count modulo 32, so that 0 and 32 are right as well. */
function rotl(x: number, bits: number): number {
  return (x << bits) | (x >>> -bits);
}
