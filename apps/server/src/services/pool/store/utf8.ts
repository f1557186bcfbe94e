const encoder = new TextEncoder();
// A mark at the beginning belongs to the text, and a request that is repeated must be found to be the same.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Texts from outside are stored as bytes: they may hold what a text column of PostgreSQL refuses. */
export const utf8 = {
  encode: (text: string): Uint8Array => encoder.encode(text),
  decode: (bytes: Uint8Array): string => decoder.decode(bytes),
};

/** Texts are compared as they are stored: half a surrogate pair is not what it was when it comes back. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
