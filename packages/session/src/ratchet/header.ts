import type { Reader } from '../codec/reader.js';
import type { Writer } from '../codec/writer.js';
import { KEY_LENGTH } from '../primitives/x25519.js';

/** What stands before each ciphertext (Double Ratchet, 3.4). */
export interface Header {
  /** The sender's ratchet key. */
  readonly key: Uint8Array;
  /** Messages in the sender's chain before this one. */
  readonly previous: number;
  readonly n: number;
}

export function writeHeader(writer: Writer, { key, previous, n }: Header): Writer {
  return writer.fixed(key).u32(previous).u32(n);
}

export function readHeader(reader: Reader): Header {
  return { key: reader.fixed(KEY_LENGTH), previous: reader.u32(), n: reader.u32() };
}
