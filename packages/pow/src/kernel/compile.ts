import { readKernel } from '#read-kernel';

const modules = new Map<string, Promise<WebAssembly.Module>>();

/** Reads and compiles the kernel at `url`, once per process. Rejects when it cannot be read. */
export function compileKernel(url: URL): Promise<WebAssembly.Module> {
  const known = modules.get(url.href);
  if (known) return known;
  const module = readKernel(url).then((bytes) => WebAssembly.compile(bytes));
  modules.set(url.href, module);
  // A network that failed once may work the next time.
  module.catch(() => modules.delete(url.href));
  return module;
}
