import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import type { Change } from '../store.js';

/**
 * One commit as the file has it: length (uint32 BE) ‖ the first 8 bytes of SHA-256 over the body ‖ body. The body is a
 * row for each change: length of the key ‖ key ‖ length of the value plus one, or zero where the key goes ‖ value.
 */
const HEAD = 12;
const CHECK = 8;

export function encodeRecord(changes: readonly Change[]): Uint8Array {
  const body = concatBytes(...changes.flatMap(encodeChange));
  return concatBytes(uint32(body.length), sha256(body).subarray(0, CHECK), body);
}

function encodeChange({ key, value }: Change): Uint8Array[] {
  const name = new TextEncoder().encode(key);
  const head = [uint32(name.length), name];
  return value === null ? [...head, uint32(0)] : [...head, uint32(value.length + 1), value];
}

/**
 * Reads the commits in `file` from `start` on, until its end or until one that was never finished: a crash tears only
 * the last. Answers where the last whole one ends; undefined when the file is damaged, which is when a whole one lies
 * behind one that is not.
 */
export function readRecords(
  file: Uint8Array,
  start: number,
  apply: (changes: Change[]) => void,
): number | undefined {
  let at = start;
  for (let body = bodyAt(file, at); body !== undefined; body = bodyAt(file, at)) {
    const changes = decodeChanges(body);
    if (changes === undefined) return undefined;
    apply(changes);
    at += HEAD + body.length;
  }
  for (let behind = at + 1; behind + HEAD < file.length; behind++) {
    if (bodyAt(file, behind) !== undefined) return undefined;
  }
  return at;
}

/** The body of the whole record that begins there; none is empty. */
function bodyAt(file: Uint8Array, at: number): Uint8Array | undefined {
  if (file.length - at <= HEAD) return undefined;
  const length = readUint32(file, at);
  if (length === 0 || length > file.length - at - HEAD) return undefined;
  const body = file.subarray(at + HEAD, at + HEAD + length);
  const check = file.subarray(at + 4, at + HEAD);
  return sha256(body)
    .subarray(0, CHECK)
    .every((byte, n) => byte === check[n])
    ? body
    : undefined;
}

function decodeChanges(body: Uint8Array): Change[] | undefined {
  const changes: Change[] = [];
  let at = 0;
  const take = (length: number) => {
    if (length > body.length - at) return undefined;
    at += length;
    return body.subarray(at - length, at);
  };
  const takeUint32 = () => {
    const bytes = take(4);
    return bytes === undefined ? undefined : readUint32(bytes, 0);
  };
  while (at < body.length) {
    const name = take(takeUint32() ?? Number.POSITIVE_INFINITY);
    const size = takeUint32();
    if (name === undefined || size === undefined) return undefined;
    const value = size === 0 ? null : take(size - 1);
    if (value === undefined) return undefined;
    changes.push({ key: new TextDecoder().decode(name), value: value?.slice() ?? null });
  }
  return changes;
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function readUint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}
