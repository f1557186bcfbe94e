import { readFile } from 'node:fs/promises';

/** Reads the bytes of a kernel from disk. Rejects as `readFile` does. */
export function readKernel(url: URL): Promise<BufferSource> {
  return readFile(url);
}
