import { compileKernel } from './compile.js';

/** An instance of a kernel: its memory, functions of numbers, and the addresses of its buffers. */
export type Kernel<Functions extends string, Addresses extends string> = {
  memory: WebAssembly.Memory;
} & Record<Functions, (...args: number[]) => number> &
  Record<Addresses, WebAssembly.Global<'i32'>>;

/**
 * A new instance of the kernel at `url`, with a memory of its own. Rejects with a RangeError when there is no
 * memory to be had, and with a TypeError when the kernel does not export what it should.
 */
export async function openKernel<Functions extends string, Addresses extends string>(
  url: URL,
  functions: readonly Functions[],
  addresses: readonly Addresses[],
): Promise<Kernel<Functions, Addresses>> {
  const { exports } = await WebAssembly.instantiate(await compileKernel(url));
  if (!isKernel(exports, functions, addresses)) throw new TypeError(`not the kernel wanted: ${url.href}`);
  return exports;
}

function isKernel<Functions extends string, Addresses extends string>(
  exports: WebAssembly.Exports,
  functions: readonly Functions[],
  addresses: readonly Addresses[],
): exports is Kernel<Functions, Addresses> {
  return (
    exports.memory instanceof WebAssembly.Memory &&
    functions.every((name) => typeof exports[name] === 'function') &&
    addresses.every((name) => exports[name] instanceof WebAssembly.Global)
  );
}

/** The first `count` digests of 32 bytes at `address`, copied. */
export function digestsAt(memory: WebAssembly.Memory, address: number, count: number): Uint8Array[] {
  const all = new Uint8Array(memory.buffer, address, count * 32);
  const digests: Uint8Array[] = [];
  for (let at = 0; at < all.length; at += 32) digests.push(all.slice(at, at + 32));
  return digests;
}
