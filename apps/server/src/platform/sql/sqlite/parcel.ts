/** A value on its way between threads: as JSON, and all bytes in it one after the other in one buffer, which is handed over. */
export interface Parcel {
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Under this name stands where bytes begin and how many they are; no value of ours has a member of this name. */
const SLICE = '\0';

/**
 * Packs a value of plain objects, arrays and Uint8Arrays; a member that is undefined is left out. As a structured
 * clone the small objects of an envelope took longer than writing its row, and each Uint8Array as long again.
 */
export function pack(value: unknown): Parcel {
  const parts: Uint8Array[] = [];
  let length = 0;
  const copy = (from: unknown): unknown => {
    if (typeof from !== 'object' || from === null) return from;
    if (from instanceof Uint8Array) {
      parts.push(from);
      length += from.length;
      return { [SLICE]: [length - from.length, from.length] };
    }
    if (Array.isArray(from)) return from.map(copy);
    // Plain objects only: that is all a command or query may be given or may answer.
    const source = from as Record<string, unknown>;
    const members: Record<string, unknown> = {};
    for (const name in source) members[name] = copy(source[name]);
    return members;
  };
  const text = JSON.stringify(copy(value)) ?? 'null';
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { text, bytes };
}

/** The value as it was; its Uint8Arrays are views of the parcel's bytes. */
export function unpack({ text, bytes }: Parcel): unknown {
  const restore = (from: unknown): unknown => {
    if (typeof from !== 'object' || from === null) return from;
    if (Array.isArray(from)) {
      for (const [index, member] of from.entries()) from[index] = restore(member);
      return from;
    }
    const members = from as Record<string, unknown>;
    const slice = members[SLICE];
    if (Array.isArray(slice)) return bytes.subarray(slice[0], slice[0] + slice[1]);
    for (const name in members) {
      const member = members[name];
      if (typeof member === 'object' && member !== null) members[name] = restore(member);
    }
    return members;
  };
  return restore(JSON.parse(text));
}
