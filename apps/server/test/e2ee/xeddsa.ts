/** XEdDSA (Signal, revision 1, section 2) on curve25519, written from its text, to make what a phone makes. */
import { createHash, randomBytes } from 'node:crypto';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

export interface MontgomeryPair {
  /** A clamped X25519 private key. */
  readonly secret: Buffer;
  /** Its u-coordinate, in Base64. */
  readonly key: string;
  /** XEdDSA over the bytes, in Base64. */
  sign(message: Buffer): string;
  /** Whether the point that its signatures stand under had its sign turned. */
  readonly turned: boolean;
}

/** An X25519 identity. Of half of them the point of the private key is odd, and its sign is turned. */
export function makeMontgomeryPair(): MontgomeryPair {
  const secret = randomBytes(32);
  secret.writeUInt8((secret[0] ?? 0) & 248, 0);
  secret.writeUInt8(((secret[31] ?? 0) & 127) | 64, 31);
  const k = little(secret) % ORDER;
  // calculate_key_pair: A is kB with the sign bit 0, a its private scalar.
  const encoded = point(k);
  const turned = ((encoded[31] ?? 0) & 128) !== 0;
  const a = turned ? ORDER - k : k;
  const publicPoint = point(a);
  return {
    secret,
    key: Buffer.from(x25519.getPublicKey(secret)).toString('base64'),
    turned,
    sign(message) {
      // hash1: 2^256 − 2 in little-endian goes before.
      const domain = Buffer.alloc(32, 0xff);
      domain.writeUInt8(0xfe, 0);
      const r = hash(domain, bytesOf(a), message, randomBytes(64));
      const nonce = point(r);
      const h = hash(nonce, publicPoint, message);
      const s = (r + h * a) % ORDER;
      return Buffer.concat([nonce, bytesOf(s)]).toString('base64');
    },
  };
}

function point(scalar: bigint): Buffer {
  return Buffer.from(ed25519.Point.BASE.multiply(scalar).toBytes());
}

function hash(...parts: readonly Buffer[]): bigint {
  return little(createHash('sha512').update(Buffer.concat(parts)).digest()) % ORDER;
}

function little(bytes: Buffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function bytesOf(scalar: bigint): Buffer {
  return Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse();
}
