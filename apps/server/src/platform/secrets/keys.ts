import { createHmac, hkdfSync } from 'node:crypto';

/** Derives a 32-byte key for one labelled purpose from BLINDPOST_SECRET (HKDF-SHA-256, RFC 5869). */
export function deriveKey(secret: string, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'blindpost', label, 32));
}

/** Blinds a text: HMAC-SHA-256 under a derived key, lower-case hex. One key, one name space. */
export function blinder(key: Buffer): (text: string) => string {
  return (text) => createHmac('sha256', key).update(text).digest('hex');
}
