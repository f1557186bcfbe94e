import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { digestsAt, openKernel } from '../../kernel/instance.js';
import { NONCE_EXPORTS, NonceHash } from '../../kernel/nonces.js';
import { Search } from '../search.js';
import type { Build } from '../track.js';
import { type MemWorkParams, total } from './params.js';

const KERNELS: Record<Build, URL> = {
  scalar: new URL('../../../kernels/mem-work-scalar.wasm', import.meta.url),
  simd: new URL('../../../kernels/mem-work-simd.wasm', import.meta.url),
};
/** Above this size one nonce goes at a time: each of four has a copy of the memory. */
const MAX_TOTAL_OF_FOUR = 8 * 1024 * 1024;
const utf8 = new TextEncoder();

/** The memory is filled once for all nonces; each changes a copy, which then is put right where it was changed. */
export async function open(params: MemWorkParams, build: Build, start?: string): Promise<Search> {
  const kernel = await openKernel(
    KERNELS[build],
    [...NONCE_EXPORTS, 'reserve', 'fill', 'run'],
    ['input', 'digests'],
  );
  const seed = hexToBytes(params.seed);
  const size = total(params);
  const lanes = build === 'simd' && size <= MAX_TOTAL_OF_FOUR ? 4 : 1;
  if (!kernel.reserve(size, lanes, params.steps)) throw new RangeError(`no memory of ${size} bytes`);
  new Uint8Array(kernel.memory.buffer, kernel.input.value).set(
    sha256(concatBytes(utf8.encode('init:'), seed)),
  );
  kernel.fill();

  const prefix = concatBytes(utf8.encode('acc:'), seed, utf8.encode(params.challenge));
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
