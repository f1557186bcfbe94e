import { SessionError, type SessionErrorCode } from '../error.js';
import { type Format, VERSION } from './format.js';

/** Reads what a Writer wrote. Whatever is short, over a bound or left over is refused with one code. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #code: SessionErrorCode;
  #at = 0;

  /**
   * @param code - what a fault in these bytes is called
   * @param max - how many they may be
   */
  constructor(bytes: Uint8Array, code: SessionErrorCode, max = Number.POSITIVE_INFINITY) {
    if (!(bytes instanceof Uint8Array) || bytes.length > max) throw new SessionError(code);
    // A Buffer's slice() is a view of the caller's memory, not the copy that is promised here.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#code = code;
  }

  /** Reads version and format, which must be this one. */
  static of(format: Format, bytes: Uint8Array, code: SessionErrorCode, max?: number): Reader {
    const reader = new Reader(bytes, code, max);
    if (reader.format() !== format) throw reader.fault();
    return reader;
  }

  /** How many bytes were read. */
  get at(): number {
    return this.#at;
  }

  /** Reads the version, which must be ours, and answers the format. */
  format(): number {
    if (this.u8() !== VERSION) throw this.fault();
    return this.u8();
  }

  u8(): number {
    return this.#view(1).getUint8(0);
  }

  u32(): number {
    return this.#view(4).getUint32(0);
  }

  u64(): number {
    const value = Number(this.#view(8).getBigUint64(0));
    if (!Number.isSafeInteger(value)) throw this.fault();
    return value;
  }

  /** A copy of the next `length` bytes. */
  fixed(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw this.fault();
    const bytes = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return bytes;
  }

  /** Bytes after their length, which may be `max`. */
  sized(max: number): Uint8Array {
    return this.fixed(this.#count(max));
  }

  flag(): boolean {
    const value = this.u8();
    if (value > 1) throw this.fault();
    return value === 1;
  }

  optional<T>(read: (reader: this) => T): T | null {
    return this.flag() ? read(this) : null;
  }

  list<T>(max: number, read: (reader: this) => T): T[] {
    const count = this.#count(max);
    const values: T[] = [];
    for (let n = 0; n < count; n++) values.push(read(this));
    return values;
  }

  rest(): Uint8Array {
    return this.fixed(this.#bytes.length - this.#at);
  }

  /** Nothing may be left. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw this.fault();
  }

  fault(): SessionError {
    return new SessionError(this.#code);
  }

  #count(max: number): number {
    const count = this.u32();
    if (count > max) throw this.fault();
    return count;
  }

  #view(length: number): DataView {
    return new DataView(this.fixed(length).buffer);
  }
}
