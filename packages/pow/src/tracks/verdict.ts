import { bytesToHex } from '@noble/hashes/utils.js';
import { leadingZeroBits } from '../hashcash/leading-zero-bits.js';
import type { AnyTrack } from './table.js';
import type { Engine, Verdict } from './track.js';

/** One nonce's digest, or the number with which the program refuses. */
export function digestBy(engine: Engine, nonce: string): Uint8Array | number {
  const [result] = engine.digests([nonce]);
  if (result === undefined) throw new Error('an engine answered no digest');
  return result;
}

/** What a digest is worth: bits = 0 always wins, and 256 bits take a digest of zeros. */
export function judge(result: Uint8Array | number, bits: number): Verdict {
  if (typeof result === 'number') return refused(result, 'program_hex');
  const maxBits = leadingZeroBits(result);
  return { code: maxBits >= bits ? 1 : 0, digest: bytesToHex(result), maxBits };
}

export function refused(code: number | 'invalid_params', field: string): Verdict {
  return { code, digest: null, maxBits: null, field };
}

/** What `error` is of a track that was asked for a digest: a refusal where there was no memory, else it is thrown. */
export function outOfMemory(track: AnyTrack, error: unknown): Verdict {
  // V8 throws it when it cannot allocate, and an engine when a kernel's memory cannot grow.
  if (error instanceof RangeError && track.memoryField) return refused('invalid_params', track.memoryField);
  throw error;
}
