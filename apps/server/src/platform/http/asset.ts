import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Encoding } from './encoding.js';

/** Half the time of the next one, and within a percent of its size. */
const BROTLI_QUALITY = 5;
const GZIP_LEVEL = 6;

/** One file as it is served, compressed once and kept. */
export class Asset {
  readonly name: string;
  readonly type: string;
  /** Whether its bytes never change under this name. */
  readonly immutable: boolean;
  readonly #bytes: Uint8Array;
  readonly #digest: string;
  readonly #compressed = new Map<Encoding, Promise<Buffer>>();

  constructor(name: string, type: string, bytes: Uint8Array, immutable: boolean) {
    this.name = name;
    this.type = type;
    this.immutable = immutable;
    this.#bytes = bytes;
    this.#digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  }

  /** Each encoding is another representation and has a tag of its own (RFC 9110 §8.8.3.3). */
  etag(encoding: Encoding): string {
    return `"${this.#digest}${encoding === 'identity' ? '' : `-${encoding}`}"`;
  }

  /** Off the event loop, and once: whoever asks meanwhile waits for the same. */
  body(encoding: Encoding): Promise<Buffer> {
    const made = this.#compressed.get(encoding) ?? this.#compress(encoding);
    this.#compressed.set(encoding, made);
    return made;
  }

  #compress(encoding: Encoding): Promise<Buffer> {
    switch (encoding) {
      case 'br':
        return promisify(brotliCompress)(this.#bytes, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: this.#bytes.length,
          },
        });
      case 'gzip':
        return promisify(gzip)(this.#bytes, { level: GZIP_LEVEL });
      case 'identity':
        return Promise.resolve(Buffer.from(this.#bytes));
    }
  }
}
