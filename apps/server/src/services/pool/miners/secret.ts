import { createHmac, timingSafeEqual } from 'node:crypto';
import { SECRET_TTL_MS } from '@blindpost/protocol/pool';

const SECRET = /^[0-9a-f]{64}$/;
const EXPIRY_BYTES = 8;
const TAG_BYTES = 24;

export type Secret = { secret: string; expiresAt: number };

/**
 * Secrets that prove a submit comes from where the miner's socket is. They carry their expiry and a tag over it
 * and the miner: nothing is stored, any instance can check what another sent, and a restart ends none of them.
 *
 *     expiry, ms, big endian (8 bytes) ‖ first 24 bytes of HMAC-SHA-256(key, miner ‖ expiry)
 */
export class SecretMint {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  make(miner: Buffer, now: number): Secret {
    const expiresAt = now + SECRET_TTL_MS;
    const expiry = Buffer.alloc(EXPIRY_BYTES);
    expiry.writeBigUInt64BE(BigInt(expiresAt));
    return { secret: Buffer.concat([expiry, this.#tag(miner, expiry)]).toString('hex'), expiresAt };
  }

  /** Whether this miner was sent this secret, and it still holds. */
  accepts(miner: Buffer, secret: string | undefined, now: number): boolean {
    if (secret === undefined || !SECRET.test(secret)) return false;
    const bytes = Buffer.from(secret, 'hex');
    const expiry = bytes.subarray(0, EXPIRY_BYTES);
    if (!timingSafeEqual(bytes.subarray(EXPIRY_BYTES), this.#tag(miner, expiry))) return false;
    return expiry.readBigUInt64BE() > BigInt(now);
  }

  #tag(miner: Buffer, expiry: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(miner).update(expiry).digest().subarray(0, TAG_BYTES);
  }
}
