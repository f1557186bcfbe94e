import { openKernel } from '../../kernel/instance.js';
import { VM_ADDRESSES, VM_FUNCTIONS, VmDigester } from '../program/digester.js';
import { Search } from '../search.js';
import type { Build } from '../track.js';
import { compileVmChain } from './compiler.js';
import type { VmChainParams } from './params.js';
import { decode } from './program.js';

const KERNELS: Record<Build, URL> = {
  scalar: new URL('../../../kernels/vm-chain-scalar.wasm', import.meta.url),
  simd: new URL('../../../kernels/vm-chain-simd.wasm', import.meta.url),
};
/** The number of a program that reaches no instruction, or one that means nothing. */
const REFUSED = 7;
/** Four nonces have four memories only as far as this, in bytes: what is larger hardly fits into a browser's tab. */
const MAX_MEMORY = 64 * 2 ** 20;

/**
 * For four nonces that take turns the round's program becomes a module of its own. One nonce's is interpreted: that is
 * what verification asks for, and compiling costs as much as interpreting for tens of nonces. Rejects with a
 * RangeError when there is no room for the memories.
 */
export async function open(params: VmChainParams, build: Build, start?: string): Promise<Search> {
  const { challenge, seed, steps, memWords, chainUpdateEvery, sampleWords, bits } = params;
  const kernel = await openKernel(KERNELS[build], [...VM_FUNCTIONS, 'reserve'], VM_ADDRESSES);
  const simd = build === 'simd';
  const width = simd ? 4 : 1;
  const lanes = 4 * width * memWords <= MAX_MEMORY ? width : 1;
  if (!kernel.reserve(lanes, memWords)) throw new RangeError(`no memory for ${lanes} × ${memWords} words`);

  const program = decode(params.program_hex);
  kernel.configure(program.length, steps, chainUpdateEvery, sampleWords);
  const compiled = simd ? compileVmChain(program, kernel.machine.value, memWords) : undefined;
  const options = { challenge, seed, program, compiled, width, lanes, refusal: REFUSED };
  return new Search(await VmDigester.open(kernel, options), bits, start);
}
