import type { Kernel } from './instance.js';

const BLOCK = 64;
const utf8 = new TextEncoder();

/** Exports of a kernel that hashes a common beginning and nonces in lanes; see assembly/sha256/nonces.ts. */
export const NONCE_EXPORTS = ['reset', 'absorb', 'absorbLanes'] as const;
export type NonceKernel = Kernel<(typeof NONCE_EXPORTS)[number], 'input'>;

/** Begins the kernel's messages with the whole blocks of `prefix`, and answers what is left of it. */
export function absorbPrefix(kernel: NonceKernel, prefix: Uint8Array): Uint8Array {
  const block = new Uint8Array(kernel.memory.buffer, kernel.input.value, BLOCK);
  const whole = prefix.length - (prefix.length % BLOCK);
  kernel.reset();
  for (let at = 0; at < whole; at += BLOCK) {
    block.set(prefix.subarray(at, at + BLOCK));
    kernel.absorb();
  }
  return prefix.slice(whole);
}

/** H(prefix ‖ nonce) for a lane's nonce each: keeps the prefix hashed and pads what follows it. */
export class NonceHash {
  readonly #kernel: NonceKernel;
  readonly #lanes: number;
  readonly #prefixLength: number;
  readonly #rest: Uint8Array;

  constructor(kernel: NonceKernel, lanes: number, prefix: Uint8Array) {
    this.#kernel = kernel;
    this.#lanes = lanes;
    this.#prefixLength = prefix.length;
    this.#rest = absorbPrefix(kernel, prefix);
  }

  /** Leaves the hashes of these nonces, all of one length in UTF-8, in the kernel; spare lanes hold the first one's. */
  hash(nonces: readonly string[]): void {
    const tails = nonces.map((nonce) => this.#pad(utf8.encode(nonce)));
    const blocks = (tails[0]?.length ?? 0) / BLOCK;
    // A kernel's memory may have grown since the last time, and then is another buffer.
    const input = new Uint8Array(this.#kernel.memory.buffer, this.#kernel.input.value, this.#lanes * BLOCK);
    for (let block = 0; block < blocks; block++) {
      for (let lane = 0; lane < this.#lanes; lane++) {
        const tail = tails[lane] ?? tails[0];
        if (tail) input.set(tail.subarray(block * BLOCK, (block + 1) * BLOCK), lane * BLOCK);
      }
      this.#kernel.absorbLanes(block === 0 ? 1 : 0);
    }
  }

  /** What follows the prefix's whole blocks, padded as FIPS 180-4 §5.1.1 says. */
  #pad(nonce: Uint8Array): Uint8Array {
    const end = this.#rest.length + nonce.length;
    const tail = new Uint8Array(Math.ceil((end + 9) / BLOCK) * BLOCK);
    tail.set(this.#rest);
    tail.set(nonce, this.#rest.length);
    tail[end] = 0x80;
    const bits = BigInt(this.#prefixLength + nonce.length) * 8n;
    new DataView(tail.buffer).setBigUint64(tail.length - 8, bits);
    return tail;
  }
}
