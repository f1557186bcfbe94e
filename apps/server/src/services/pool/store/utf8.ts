const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Texts from outside are stored as bytes: they may hold what a text column of PostgreSQL refuses. */
export const utf8 = {
  encode: (text: string): Uint8Array => encoder.encode(text),
  decode: (bytes: Uint8Array): string => decoder.decode(bytes),
};
