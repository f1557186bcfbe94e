import { type Kernel, openKernel } from '../kernel/instance.js';
import { NONCE_EXPORTS } from '../kernel/nonces.js';
import { simdSupported } from '../kernel/simd.js';
import type { Build } from '../tracks/track.js';

const KERNELS: Record<Build, URL> = {
  scalar: new URL('../../kernels/hashcash-scalar.wasm', import.meta.url),
  simd: new URL('../../kernels/hashcash-simd.wasm', import.meta.url),
};
const FUNCTIONS = [...NONCE_EXPORTS, 'scan'] as const;
const ADDRESSES = ['input', 'digests'] as const;

/** What `assembly/hashcash.ts` exports; its docstrings say what each does. */
export type HashcashKernel = Kernel<(typeof FUNCTIONS)[number], (typeof ADDRESSES)[number]>;

const opened = new Map<Build, Promise<HashcashKernel>>();

/** The one instance of this thread: whoever calls it keeps nothing there from one call to the next. */
export function hashcashKernel(build: Build = simdSupported() ? 'simd' : 'scalar'): Promise<HashcashKernel> {
  const known = opened.get(build);
  if (known) return known;
  const kernel = openKernel(KERNELS[build], FUNCTIONS, ADDRESSES);
  opened.set(build, kernel);
  // A network that failed once may work the next time.
  kernel.catch(() => opened.delete(build));
  return kernel;
}
