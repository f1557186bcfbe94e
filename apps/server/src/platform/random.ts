import { randomBytes, randomInt } from 'node:crypto';

/** Randomness as a part that a test can drive. Everything comes from the system's CSPRNG. */
export interface Random {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
  /** Uniform real in [min, max). */
  uniform(min: number, max: number): number;
}

const STEPS = 2 ** 32;

export const systemRandom: Random = {
  hex: (bytes) => randomBytes(bytes).toString('hex'),
  uniform: (min, max) => min + ((max - min) * randomInt(STEPS)) / STEPS,
};
