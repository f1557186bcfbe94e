import { absorbPrefix, tailOf } from '../kernel/nonces.js';
import type { HashcashKernel } from './kernel.js';

/** Nonces that share a head: a kernel walks the last four digits, which fill one message word. */
const SUFFIXES = 10_000;
const BLOCK = 64;
/** What follows the head in its block: suffix, the byte of the padding bit, length (FIPS 180-4 §5.1.1). */
const AFTER_HEAD = 4 + 1 + 8;
const utf8 = new TextEncoder();

/**
 * How many digits stand before the suffix: the fewest, from 12, that start the suffix at a word and leave
 * room to end the message in the same block, so that one attempt is always one compression. That is at most
 * 27, and a nonce has 16 to 31 digits.
 */
function headLength(prefix: number): number {
  let length = 12;
  while ((prefix + length) % 4 !== 0 || ((prefix + length) % BLOCK) + AFTER_HEAD > BLOCK) length++;
  return length;
}

/** Nonces that a walk may begin at. */
export const STARTS = 10n ** 16n;

/** Where to begin, from eight bytes that are drawn. */
export function startFrom(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) % STARTS;
}

/**
 * One search through the nonces that may follow a prefix, in order and in a circle. Keeps nothing in the kernel from
 * one step to the next.
 */
export class Walk {
  /** Nonces tried so far. */
  attempts = 0;
  readonly #kernel: HashcashKernel;
  readonly #prefix: Uint8Array;
  readonly #limit: number;
  /** The block or two that end the message. */
  readonly #tail: Uint8Array;
  readonly #headAt: number;
  readonly #headLength: number;
  readonly #heads: bigint;
  #head: bigint;
  #suffix: number;

  /** `start` is the number of the first nonce, 0 to 10^16 - 1; leading zeros fill it up. */
  constructor(kernel: HashcashKernel, prefix: Uint8Array, bits: number, start: bigint) {
    this.#kernel = kernel;
    this.#prefix = prefix;
    this.#limit = firstWordLimit(bits);
    this.#headAt = prefix.length % BLOCK;
    this.#headLength = headLength(prefix.length);
    this.#heads = 10n ** BigInt(this.#headLength);
    this.#head = start / BigInt(SUFFIXES);
    this.#suffix = Number(start % BigInt(SUFFIXES));
    this.#tail = tailOf(prefix.length, prefix.length + this.#headLength + 4);
    this.#tail.set(prefix.subarray(prefix.length - this.#headAt));
  }

  /**
   * Tries the nonces up to the next multiple of 10,000. Answers the first whose digest begins with the zero
   * bits asked for, of which it looks at 32 only, and goes on behind it; or answers undefined.
   */
  step(): string | undefined {
    const head = this.#head.toString().padStart(this.#headLength, '0');
    utf8.encodeInto(head, this.#tail.subarray(this.#headAt));
    absorbPrefix(this.#kernel, this.#prefix);
    new Uint8Array(this.#kernel.memory.buffer, this.#kernel.input.value).set(this.#tail);
    const word = ((this.#headAt + this.#headLength) % BLOCK) / 4;
    const hit = this.#kernel.scan(this.#tail.length / BLOCK, word, this.#suffix, this.#limit);

    const next = hit < 0 ? SUFFIXES : hit + 1;
    this.attempts += next - this.#suffix;
    this.#suffix = next % SUFFIXES;
    if (next === SUFFIXES) this.#head = (this.#head + 1n) % this.#heads;
    return hit < 0 ? undefined : head + hit.toString().padStart(4, '0');
  }
}

/** The greatest first word of a digest, as unsigned 32 bits, that begins with `bits` zeros or with 32. */
function firstWordLimit(bits: number): number {
  return bits < 32 ? 0xffffffff >>> bits : 0;
}
