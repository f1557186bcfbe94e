import type { Kernel } from './instance.js';
import { encodeUtf8 } from './utf8.js';

const BLOCK = 64;

/** Exports of a kernel that hashes a common beginning and nonces in lanes; see assembly/sha256/nonces.ts. */
export const NONCE_EXPORTS = ['reset', 'absorb', 'absorbLanes'] as const;
export type NonceKernel = Kernel<(typeof NONCE_EXPORTS)[number], 'input'>;

/** Begins the kernel's messages with the whole blocks of `prefix`. */
export function absorbPrefix(kernel: NonceKernel, prefix: Uint8Array): void {
  kernel.reset();
  if (prefix.length < BLOCK) return;
  const block = new Uint8Array(kernel.memory.buffer, kernel.input.value, BLOCK);
  for (let end = BLOCK; end <= prefix.length; end += BLOCK) {
    block.set(prefix.subarray(end - BLOCK, end));
    kernel.absorb();
  }
}

/**
 * The blocks that end a message of `length` bytes after the whole blocks of its first `prefix` bytes: zeros, and the
 * padding of FIPS 180-4 §5.1.1.
 */
export function tailOf(prefix: number, length: number): Uint8Array {
  const end = length - prefix + (prefix % BLOCK);
  const tail = new Uint8Array(Math.ceil((end + 9) / BLOCK) * BLOCK);
  const view = new DataView(tail.buffer);
  tail[end] = 0x80;
  view.setUint32(tail.length - 8, (length * 8) / 2 ** 32);
  view.setUint32(tail.length - 4, length * 8);
  return tail;
}

/** The last tail, of which all but the padding is written anew: nonces after one another are of one length as a rule. */
let last = { prefix: 0, length: 0, tail: tailOf(0, 0) };

/** H(prefix ‖ nonce) for a lane's nonce each. Keeps nothing in the kernel from one call to the next. */
export class NonceHash {
  readonly #kernel: NonceKernel;
  readonly #lanes: number;
  readonly #prefix: Uint8Array;
  /** What the whole blocks of the prefix leave. */
  readonly #rest: Uint8Array;

  constructor(kernel: NonceKernel, lanes: number, prefix: Uint8Array) {
    this.#kernel = kernel;
    this.#lanes = lanes;
    this.#prefix = prefix;
    this.#rest = prefix.subarray(prefix.length - (prefix.length % BLOCK));
  }

  /** Leaves the hashes of these nonces, all of one length in UTF-8, in the kernel; spare lanes hold the last one's. */
  hash(nonces: readonly string[]): void {
    const kernel = this.#kernel;
    const bytes = nonces.map(encodeUtf8);
    const prefix = this.#prefix.length;
    const length = prefix + (bytes[0]?.length ?? 0);
    if (last.prefix !== prefix || last.length !== length)
      last = { prefix, length, tail: tailOf(prefix, length) };
    const { tail } = last;
    tail.set(this.#rest);

    absorbPrefix(kernel, this.#prefix);
    // Made anew: a memory that has grown since is another buffer.
    const input = new Uint8Array(kernel.memory.buffer, kernel.input.value, this.#lanes * BLOCK);
    for (let at = 0; at < tail.length; at += BLOCK) {
      const block = tail.subarray(at, at + BLOCK);
      for (let lane = 0; lane < this.#lanes; lane++) {
        const nonce = bytes[lane];
        if (nonce) tail.set(nonce, this.#rest.length);
        input.set(block, lane * BLOCK);
      }
      kernel.absorbLanes(at === 0 ? 1 : 0);
    }
  }
}
