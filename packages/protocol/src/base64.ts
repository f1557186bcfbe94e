import Type from 'typebox';

/** Exactly `bytes` bytes in standard Base64 with padding, in the one spelling there is of them. */
export function base64(bytes: number, description: string) {
  const tail = bytes % 3;
  const full = Math.floor(bytes / 3) * 4;
  // The last symbol before padding must carry no stray bits, so that one key has one spelling.
  const end = tail === 1 ? '[AQgw]==' : tail === 2 ? '[AEIMQUYcgkosw048]=' : '';
  const length = tail === 0 ? full : full + tail;
  return Type.String({
    pattern: `^[A-Za-z0-9+/]{${length}}${end}$`,
    description: `${description}; ${bytes} bytes in standard Base64.`,
  });
}
