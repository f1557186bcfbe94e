import { randomFillSync, randomInt } from 'node:crypto';

/** Randomness as a part that a test can drive. Everything comes from the system's CSPRNG. */
export interface Random {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
  /** Uniform real in [min, max). */
  uniform(min: number, max: number): number;
}

const STEPS = 2 ** 32;

/** Drawn ahead: a call into the CSPRNG per message was a sixth of a busy relay's time. */
const pool = Buffer.alloc(4096);
let used = pool.length;

function hex(bytes: number): string {
  if (bytes > pool.length) return randomFillSync(Buffer.alloc(bytes)).toString('hex');
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const taken = pool.subarray(used, used + bytes);
  used += bytes;
  const text = taken.toString('hex');
  // What was handed out may be a token; it must not stand in memory twice.
  taken.fill(0);
  return text;
}

export const systemRandom: Random = {
  hex,
  uniform: (min, max) => min + ((max - min) * randomInt(STEPS)) / STEPS,
};
