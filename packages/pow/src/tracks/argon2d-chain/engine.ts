import { openKernel } from '../../kernel/instance.js';
import { Search } from '../search.js';
import type { Build } from '../track.js';
import { digestOf, seedsOf, TABLE } from './frame.js';
import type { Argon2dChainParams } from './params.js';

const KERNELS: Record<Build, URL> = {
  scalar: new URL('../../../kernels/argon2d-chain-scalar.wasm', import.meta.url),
  simd: new URL('../../../kernels/argon2d-chain-simd.wasm', import.meta.url),
};
/** Bytes of a block, and of a hash. */
const BLOCK = 1024;
const HASH = 32;
/** Four nonces have four memories only as far as this: what is larger hardly fits into a browser's tab. */
const MAX_MEMORY = 64 * 2 ** 20;

/** One memory, or four that are filled side by side. Rejects with a RangeError when there is no room for them. */
export async function open(params: Argon2dChainParams, build: Build, start?: string): Promise<Search> {
  const { memBlocks, passes } = params;
  const kernel = await openKernel(KERNELS[build], ['reserve', 'run'], ['table', 'seeds', 'states', 'blocks']);
  const lanes = build === 'simd' && 4 * memBlocks * BLOCK <= MAX_MEMORY ? 4 : 1;
  if (!kernel.reserve(lanes, memBlocks)) throw new RangeError(`no memory for ${lanes} × ${memBlocks} blocks`);

  // The memory does not grow any more.
  const bytes = new Uint8Array(kernel.memory.buffer);
  bytes.set(TABLE, kernel.table.value);
  const digester = {
    lanes,
    memory: kernel.memory,
    digests(nonces: readonly string[]) {
      for (const [lane, nonce] of nonces.entries()) {
        const seeds = seedsOf(params, nonce);
        bytes.set(seeds.fill, kernel.seeds.value + lane * HASH);
        bytes.set(seeds.state, kernel.states.value + lane * HASH);
      }
      kernel.run(nonces.length, lanes, memBlocks, passes);
      return nonces.map((_, lane) => {
        const lastBlock = kernel.blocks.value + ((lane + 1) * memBlocks - 1) * BLOCK;
        const state = kernel.states.value + lane * HASH;
        return digestOf(bytes.subarray(lastBlock, lastBlock + BLOCK), bytes.subarray(state, state + HASH));
      });
    },
  };
  return new Search(digester, params.bits, start);
}
