/** JSON Web Tokens (RFC 7519) put together by hand, so that a test can make every kind of wrong one. */
import { type KeyObject, sign } from 'node:crypto';

/** The compact form; `signer` is given the signing input, `header.payload`. */
export function makeJwt(header: object, claims: object, signer: (input: Buffer) => Buffer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signer(Buffer.from(input)).toString('base64url')}`;
}

/** What is signed how, by the name of its algorithm (RFC 7518, RFC 8037). */
export function signerOf(algorithm: string, key: KeyObject): (input: Buffer) => Buffer {
  const hash = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('RS')) return (input) => sign(hash, input, key);
  if (algorithm.startsWith('ES')) return (input) => sign(hash, input, { key, dsaEncoding: 'ieee-p1363' });
  if (algorithm === 'EdDSA') return (input) => sign(null, input, key);
  throw new Error(`no signer for ${algorithm}`);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
