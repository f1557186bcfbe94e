import { concatBytes } from '@noble/hashes/utils.js';
import { type Format, VERSION } from './format.js';

/** Writes integers in big endian and bytes, in the order of the calls. */
export class Writer {
  readonly #parts: Uint8Array[] = [];

  /** Begins with version and format. */
  static of(format: Format): Writer {
    return new Writer().u8(VERSION).u8(format);
  }

  u8(value: number): this {
    return this.fixed(Uint8Array.of(value));
  }

  u32(value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value);
    return this.fixed(bytes);
  }

  /** A time in milliseconds since 1970, or any other safe integer that is not negative. */
  u64(value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
    return this.fixed(bytes);
  }

  /** Bytes whose length the format knows. */
  fixed(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  /** Bytes after their length. */
  sized(bytes: Uint8Array): this {
    return this.u32(bytes.length).fixed(bytes);
  }

  flag(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  /** One byte that says whether there is a value, then the value. */
  optional<T>(value: T | null | undefined, write: (writer: this, value: T) => void): this {
    if (value === null || value === undefined) return this.flag(false);
    write(this.flag(true), value);
    return this;
  }

  list<T>(values: readonly T[], write: (writer: this, value: T) => void): this {
    this.u32(values.length);
    for (const value of values) write(this, value);
    return this;
  }

  bytes(): Uint8Array {
    return concatBytes(...this.#parts);
  }
}
