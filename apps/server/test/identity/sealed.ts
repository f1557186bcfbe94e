/** Opens what the server sealed, as SECURITY.md says that it is sealed: AES-256-GCM under a key derived by label. */
import { createDecipheriv, hkdfSync } from 'node:crypto';

/** Nonce, two keys in hex with a colon between, and the tag, in Base64. */
const SEALED_KEY = /[A-Za-z0-9+/]{295}=/g;

/** Every sealed private key of an attester in these bytes, opened: the public key in hex, and the private one. */
export function sealedKeys(bytes: Buffer, secret: string): { publicKey: string; privateKey: string }[] {
  const key = Buffer.from(hkdfSync('sha256', secret, 'blindpost', 'attester key', 32));
  return [...bytes.toString('latin1').matchAll(SEALED_KEY)].map(([text]) => {
    const sealed = Buffer.from(text, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(-16));
    const opened = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    const [publicKey = '', privateKey = ''] = opened.toString().split(':');
    return { publicKey, privateKey };
  });
}
