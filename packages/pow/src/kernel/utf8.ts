const encoder = new TextEncoder();
/** A unit of UTF-16 becomes three bytes at most. */
const SHORT = 256;
const scratch = new Uint8Array(SHORT * 3);

/**
 * The UTF-8 of `text`, of half a surrogate pair that of U+FFFD. As `TextEncoder.encode`, which takes longer to
 * allocate for a nonce than a kernel to hash it.
 */
export function encodeUtf8(text: string): Uint8Array {
  if (text.length > SHORT) return encoder.encode(text);
  return scratch.slice(0, encoder.encodeInto(text, scratch).written);
}
