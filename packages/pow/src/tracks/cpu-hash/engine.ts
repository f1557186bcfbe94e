import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { type HashcashKernel, hashcashKernel } from '../../hashcash/kernel.js';
import { leadingZeroBits } from '../../hashcash/leading-zero-bits.js';
import { startFrom, Walk } from '../../hashcash/walk.js';
import { digestsAt } from '../../kernel/instance.js';
import { NonceHash } from '../../kernel/nonces.js';
import { encodeUtf8 } from '../../kernel/utf8.js';
import { inGroups } from '../search.js';
import type { Build, Engine } from '../track.js';
import type { CpuHashParams } from './params.js';
import { reference } from './reference.js';

/** Ten thousand attempts each, which is somewhat less than a millisecond. */
const SCANS = 10;

/** The search of hashcash with nothing but the challenge before the nonce: one compression for an attempt. */
class CpuHashEngine implements Engine {
  readonly #kernel: HashcashKernel;
  readonly #params: CpuHashParams;
  readonly #lanes: number;
  readonly #prefix: Uint8Array;
  readonly #hash: NonceHash;
  readonly #start: string | undefined;
  /** Begun by the first step: who verifies needs none. */
  #walk: Walk | undefined;

  constructor(kernel: HashcashKernel, params: CpuHashParams, lanes: number, start?: string) {
    this.#kernel = kernel;
    this.#params = params;
    this.#lanes = lanes;
    this.#start = start;
    this.#prefix = encodeUtf8(params.challenge);
    this.#hash = new NonceHash(kernel, lanes, this.#prefix);
  }

  get attempts(): number {
    return this.#walk?.attempts ?? 0;
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
    this.#walk ??= this.#begin();
    for (let scan = 0; scan < SCANS; scan++) {
      const nonce = this.#walk.step();
      // The kernel looks at 32 bits; more are counted here.
      if (nonce !== undefined && leadingZeroBits(reference(this.#params, nonce)) >= this.#params.bits) {
        return nonce;
      }
    }
    return undefined;
  }

  #begin(): Walk {
    const drawn = this.#start === undefined ? randomBytes(8) : sha256(encodeUtf8(this.#start));
    return new Walk(this.#kernel, this.#prefix, this.#params.bits, startFrom(drawn));
  }
}

export function open(params: CpuHashParams, build: Build, start?: string): Promise<Engine> {
  const lanes = build === 'simd' ? 4 : 1;
  return hashcashKernel(build).then((kernel) => new CpuHashEngine(kernel, params, lanes, start));
}
