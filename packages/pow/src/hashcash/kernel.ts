import { compileKernel } from '../kernel/compile.js';
import { simdSupported } from '../kernel/simd.js';

const SIMD = new URL('../../kernels/hashcash-simd.wasm', import.meta.url);
const SCALAR = new URL('../../kernels/hashcash-scalar.wasm', import.meta.url);

/** What `assembly/hashcash.ts` exports; its docstrings say what each does. */
export type HashcashKernel = {
  memory: WebAssembly.Memory;
  input: WebAssembly.Global<'i32'>;
  reset: () => void;
  absorb: () => void;
  scan: (blocks: number, word: number, from: number, limit: number) => number;
};

function isHashcashKernel(exports: WebAssembly.Exports): exports is HashcashKernel {
  const { memory, input, reset, absorb, scan } = exports;
  const functions = [reset, absorb, scan].every((value) => typeof value === 'function');
  return functions && memory instanceof WebAssembly.Memory && input instanceof WebAssembly.Global;
}

/** A new instance, for one search at a time: it holds the state of one message. */
export async function hashcashKernel(simd = simdSupported()): Promise<HashcashKernel> {
  const { exports } = await WebAssembly.instantiate(await compileKernel(simd ? SIMD : SCALAR));
  if (!isHashcashKernel(exports)) throw new TypeError('not a hashcash kernel');
  return exports;
}
