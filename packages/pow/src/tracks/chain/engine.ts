import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { digestsAt, openKernel } from '../../kernel/instance.js';
import { NONCE_EXPORTS, NonceHash } from '../../kernel/nonces.js';
import { Search } from '../search.js';
import type { Build } from '../track.js';
import type { ChainParams } from './params.js';

const KERNELS: Record<Build, URL> = {
  scalar: new URL('../../../kernels/chain-scalar.wasm', import.meta.url),
  simd: new URL('../../../kernels/chain-simd.wasm', import.meta.url),
};
const utf8 = new TextEncoder();

/** Chains of hashes: one nonce's, or those of four nonces side by side. */
export async function open(params: ChainParams, build: Build, start?: string): Promise<Search> {
  const kernel = await openKernel(KERNELS[build], [...NONCE_EXPORTS, 'run'], ['input', 'digests']);
  const lanes = build === 'simd' ? 4 : 1;
  const prefix = concatBytes(utf8.encode(params.challenge), hexToBytes(params.seed));
  const first = new NonceHash(kernel, lanes, prefix);
  const digester = {
    lanes,
    memory: kernel.memory,
    digests(nonces: readonly string[]) {
      first.hash(nonces);
      kernel.run(params.steps);
      return digestsAt(kernel.memory, kernel.digests.value, nonces.length);
    },
  };
  return new Search(digester, params.bits, start);
}
