import { openKernel } from '../../kernel/instance.js';
import { VM_ADDRESSES, VM_FUNCTIONS, VmDigester } from '../program/digester.js';
import { Search } from '../search.js';
import type { Build } from '../track.js';
import { compileTinyVm } from './compiler.js';
import type { TinyVmParams } from './params.js';
import { decode } from './program.js';

const KERNELS: Record<Build, URL> = {
  scalar: new URL('../../../kernels/tiny-vm-scalar.wasm', import.meta.url),
  simd: new URL('../../../kernels/tiny-vm-simd.wasm', import.meta.url),
};
/** The number of a program that reaches no instruction, or one that means nothing. */
const REFUSED = 6;

/**
 * For four nonces side by side the round's program becomes a module of its own. One nonce's is interpreted: that is
 * what verification asks for, and compiling costs as much as interpreting for tens of nonces.
 */
export async function open(params: TinyVmParams, build: Build, start?: string): Promise<Search> {
  const kernel = await openKernel(KERNELS[build], VM_FUNCTIONS, [...VM_ADDRESSES, 'words']);
  const program = decode(params.program_hex);
  kernel.configure(program.length, params.steps);
  const simd = build === 'simd';
  const lanes = simd ? 4 : 1;
  const compiled = simd ? compileTinyVm(program, kernel.machine.value, kernel.words.value) : undefined;
  const { challenge, seed, bits } = params;
  const options = { challenge, seed, program, compiled, width: lanes, lanes, refusal: REFUSED };
  return new Search(await VmDigester.open(kernel, options), bits, start);
}
