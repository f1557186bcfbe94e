import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { type HashcashKernel, hashcashKernel } from '../../hashcash/kernel.js';
import { leadingZeroBits } from '../../hashcash/leading-zero-bits.js';
import { startFrom, Walk } from '../../hashcash/walk.js';
import { digestsAt } from '../../kernel/instance.js';
import { NonceHash } from '../../kernel/nonces.js';
import { inGroups } from '../search.js';
import type { Build, Engine } from '../track.js';
import type { CpuHashParams } from './params.js';
import { reference } from './reference.js';

/** Ten thousand attempts each, which is somewhat less than a millisecond. */
const SCANS = 10;
const utf8 = new TextEncoder();

/** The search of hashcash with nothing but the challenge before the nonce: one compression for an attempt. */
class CpuHashEngine implements Engine {
  readonly #kernel: HashcashKernel;
  readonly #params: CpuHashParams;
  readonly #lanes: number;
  readonly #walk: Walk;
  readonly #hash: NonceHash;

  constructor(kernel: HashcashKernel, params: CpuHashParams, lanes: number, start: bigint) {
    const prefix = utf8.encode(params.challenge);
    this.#kernel = kernel;
    this.#params = params;
    this.#lanes = lanes;
    this.#walk = new Walk(kernel, prefix, params.bits, start);
    this.#hash = new NonceHash(kernel, lanes, prefix);
  }

  get attempts(): number {
    return this.#walk.attempts;
  }

  get memoryBytes(): number {
    return this.#kernel.memory.buffer.byteLength;
  }

  digests(nonces: readonly string[]): Uint8Array[] {
    return inGroups(nonces, this.#lanes, (group) => {
      this.#hash.hash(group);
      return digestsAt(this.#kernel.memory, this.#kernel.digests.value, group.length);
    });
  }

  step(): string | undefined {
    for (let scan = 0; scan < SCANS; scan++) {
      const nonce = this.#walk.step();
      // The kernel looks at 32 bits; more are counted here.
      if (nonce !== undefined && leadingZeroBits(reference(this.#params, nonce)) >= this.#params.bits) {
        return nonce;
      }
    }
    return undefined;
  }
}

export async function open(params: CpuHashParams, build: Build, start?: string): Promise<Engine> {
  const kernel = await hashcashKernel(build);
  const bytes = start === undefined ? randomBytes(8) : sha256(utf8.encode(start));
  return new CpuHashEngine(kernel, params, build === 'simd' ? 4 : 1, startFrom(bytes));
}
