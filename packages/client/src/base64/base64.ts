/** Standard Base64 with padding (RFC 4648, 4), for payloads too: `btoa` wants a string of a character per byte. */

const SYMBOLS = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PAD = 0x3d;
const NONE = 0xff;
const VALUES = new Uint8Array(128).fill(NONE);
SYMBOLS.forEach((symbol, value) => {
  VALUES[symbol] = value;
});
const ascii = new TextDecoder();

export function encodeBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PAD);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    // Bytes past the end read as zero.
    const three = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const symbols = Math.min(bytes.length - i, 3) + 1;
    for (let n = 0; n < symbols; n++) out[at + n] = SYMBOLS[(three >> (18 - 6 * n)) & 63] ?? PAD;
    at += 4;
  }
  return ascii.decode(out);
}

/** The bytes that `text` spells; undefined when it is no Base64, its padding is missing or stray bits are set. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const symbols = text.length - padding;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < symbols; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? NONE;
    if (value === NONE) return undefined;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[at] = held >> bits;
    at += 1;
  }
  return (held & ((1 << bits) - 1)) === 0 ? out : undefined;
}
