import { concatBytes } from '@noble/hashes/utils.js';
import { digestsAt, openKernel } from '../../kernel/instance.js';
import { NONCE_EXPORTS, NonceHash } from '../../kernel/nonces.js';
import { Search } from '../search.js';
import type { Build } from '../track.js';
import type { BranchyMixParams } from './params.js';

const KERNELS: Record<Build, URL> = {
  scalar: new URL('../../../kernels/branchy-mix-scalar.wasm', import.meta.url),
  simd: new URL('../../../kernels/branchy-mix-simd.wasm', import.meta.url),
};
const utf8 = new TextEncoder();

/**
 * Nonces one after the other; or many at a time, sorted in every round by its kind, so that four of a kind go
 * side by side and no branch is left to guess.
 */
export async function open(params: BranchyMixParams, build: Build, start?: string): Promise<Search> {
  const kernel = await openKernel(
    KERNELS[build],
    [...NONCE_EXPORTS, 'begin', 'run'],
    ['input', 'capacity', 'digests'],
  );
  const hashed = build === 'simd' ? 4 : 1;
  const prefix = concatBytes(utf8.encode(params.challenge), utf8.encode(params.seed));
  const first = new NonceHash(kernel, hashed, prefix);
  const digester = {
    lanes: kernel.capacity.value,
    memory: kernel.memory,
    digests(nonces: readonly string[]) {
      for (let at = 0; at < nonces.length; at += hashed) {
        const group = nonces.slice(at, at + hashed);
        first.hash(group);
        for (const lane of group.keys()) kernel.begin(at + lane, lane);
      }
      kernel.run(nonces.length, params.rounds);
      return digestsAt(kernel.memory, kernel.digests.value, nonces.length);
    },
  };
  return new Search(digester, params.bits, start);
}
