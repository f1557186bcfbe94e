import { decodeBase64, encodeBase64 } from '../base64/base64.js';
import { isRecord } from '../json/record.js';

/** Members that are bytes: Base64 on the wire, `Uint8Array` in the SDK. */
const BYTES = {
  ciphertext: true,
  header: true,
  signature: true,
  identityKey: true,
  signedPreKey: true,
  signedPreKeySignature: true,
  publicKey: true,
  pqPreKey: true,
  pqPreKeySignature: true,
} as const;
type ByteMember = keyof typeof BYTES;

/** A shape of the wire with bytes where the wire has Base64. `meta` is the application's and stays as it is. */
export type Native<T> = T extends readonly (infer U)[]
  ? Native<U>[]
  : T extends object
    ? { [K in keyof T]: K extends ByteMember ? NativeBytes<T[K]> : K extends 'meta' ? T[K] : Native<T[K]> }
    : T;
type NativeBytes<T> = T extends string ? Uint8Array : T;

/** As the wire has it: Base64 for bytes. */
export function toWire(value: unknown): unknown {
  return walk(value, (bytes) => (bytes instanceof Uint8Array ? encodeBase64(bytes) : bytes));
}

/** As the SDK has it, of what a guard found to be `T`: bytes for Base64. */
export function fromWire<T>(value: T): Native<T>;
export function fromWire(value: unknown): unknown {
  return walk(value, (text) => (typeof text === 'string' ? decodeBase64(text) : text));
}

function walk(value: unknown, convert: (bytes: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => walk(item, convert));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (Object.hasOwn(BYTES, name)) return [name, convert(member)];
      return [name, name === 'meta' ? member : walk(member, convert)];
    }),
  );
}
