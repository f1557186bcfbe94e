import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, randomBytes } from '@noble/hashes/utils.js';
import { leadingZeroBits } from '../hashcash/leading-zero-bits.js';
import type { Engine } from './track.js';

/** How long one step takes at least, in milliseconds, so that what is around it does not count. */
const STEP_MS = 8;
const HEAD = 24;
const utf8 = new TextEncoder();

/** What a track's kernel computes: the digests of as many nonces as it takes at a time. */
export interface Digester {
  /** Nonces that go through the kernel at a time. */
  readonly lanes: number;
  readonly memory: WebAssembly.Memory;
  /** One to `lanes` nonces of one length; a number instead of a digest is a program's refusal. */
  digests(nonces: readonly string[]): (Uint8Array | number)[];
}

/** The search through nonces of 32 hexadecimal digits, by a kernel that takes any: what `Track.open` answers. */
export class Search implements Engine {
  attempts = 0;
  readonly #digester: Digester;
  readonly #bits: number;
  readonly #nonces: Nonces;
  /** More than one nonce of a group may win; the others wait for the next step. */
  readonly #winners: string[] = [];

  constructor(digester: Digester, bits: number, start?: string) {
    this.#digester = digester;
    this.#bits = bits;
    this.#nonces = new Nonces(start);
  }

  get memoryBytes(): number {
    return this.#digester.memory.buffer.byteLength;
  }

  digests(nonces: readonly string[]): (Uint8Array | number)[] {
    return inGroups(nonces, this.#digester.lanes, (group) => this.#digester.digests(group));
  }

  step(): string | undefined {
    const end = performance.now() + STEP_MS;
    while (this.#winners.length === 0) {
      const nonces = this.#nonces.next(this.#digester.lanes);
      const digests = this.#digester.digests(nonces);
      this.attempts += nonces.length;
      for (const [i, nonce] of nonces.entries()) {
        const digest = digests[i];
        if (digest instanceof Uint8Array && leadingZeroBits(digest) >= this.#bits) this.#winners.push(nonce);
      }
      if (performance.now() >= end) break;
    }
    return this.#winners.shift();
  }
}

/** Nonces as the original's client sends them: 32 hexadecimal digits, here 24 that are drawn and 8 that count. */
export class Nonces {
  readonly #head: string;
  #counter = 0;

  /** The same text begins the same nonces; by default random, so that two searches walk apart. */
  constructor(start?: string) {
    const drawn = start === undefined ? randomBytes(HEAD / 2) : sha256(utf8.encode(start));
    this.#head = bytesToHex(drawn).slice(0, HEAD);
  }

  /** The next `count` nonces. */
  next(count: number): string[] {
    return Array.from({ length: count }, () => this.#head + (this.#counter++).toString(16).padStart(8, '0'));
  }
}

/** What `digests` answers of nonces that it takes `lanes` at a time. */
export function inGroups<T>(
  nonces: readonly string[],
  lanes: number,
  digests: (group: readonly string[]) => T[],
): T[] {
  if (nonces.length <= lanes) return digests(nonces);
  const all: T[] = [];
  for (let at = 0; at < nonces.length; at += lanes) all.push(...digests(nonces.slice(at, at + lanes)));
  return all;
}
