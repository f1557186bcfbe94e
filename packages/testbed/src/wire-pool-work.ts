/** CPU_HASH in a plain loop, independent of the kernels: for nonces that miss, which are easily found. */
import { hash, randomBytes } from 'node:crypto';

/** Leading zero bits of SHA-256(challenge ‖ nonce). */
function hashBits(challenge: string, nonce: string): number {
  const digest = hash('sha256', `${challenge}${nonce}`, 'buffer');
  let bits = 0;
  for (const byte of digest) {
    bits += byte === 0 ? 8 : Math.clz32(byte) - 24;
    if (byte !== 0) break;
  }
  return bits;
}

/** A nonce of 32 hex digits that does not win; another one with each call. */
export function missHash({ challenge, bits }: Readonly<Record<string, unknown>>): string {
  if (typeof challenge !== 'string' || typeof bits !== 'number') throw new Error('no parameters of CPU_HASH');
  for (;;) {
    const nonce = randomBytes(16).toString('hex');
    if (hashBits(challenge, nonce) < bits) return nonce;
  }
}
