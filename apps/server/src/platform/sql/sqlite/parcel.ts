/** A value on its way between threads, and all bytes in it one after the other in one buffer, which is handed over. */
export interface Parcel {
  readonly value: unknown;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Under this name stands where bytes begin and how many they are; no value of ours has a member of this name. */
const SLICE = '\0bytes';

/**
 * Packs a value of plain objects, arrays and Uint8Arrays. Cloning each Uint8Array by itself took longer than
 * writing the row it was for.
 */
export function pack(value: unknown): Parcel {
  const parts: Uint8Array[] = [];
  let length = 0;
  const copy = (from: unknown): unknown => {
    if (typeof from !== 'object' || from === null) return from;
    if (from instanceof Uint8Array) {
      parts.push(from);
      length += from.length;
      return { [SLICE]: length - from.length, length: from.length };
    }
    if (Array.isArray(from)) return from.map(copy);
    const members: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(from)) members[name] = copy(member);
    return members;
  };
  const packed = copy(value);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { value: packed, bytes };
}

/** The value as it was; its Uint8Arrays are views of the parcel's bytes. */
export function unpack({ value, bytes }: Parcel): unknown {
  const restore = (from: unknown): unknown => {
    if (typeof from !== 'object' || from === null) return from;
    if (Array.isArray(from)) {
      for (const [index, member] of from.entries()) from[index] = restore(member);
      return from;
    }
    // Plain objects only: that is all `pack` lets through.
    const members = from as Record<string, unknown>;
    const begin = members[SLICE];
    if (typeof begin === 'number') return bytes.subarray(begin, begin + Number(members.length));
    for (const name in members) {
      const member = members[name];
      if (typeof member === 'object' && member !== null) members[name] = restore(member);
    }
    return members;
  };
  return restore(value);
}
