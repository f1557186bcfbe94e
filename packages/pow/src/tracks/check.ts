import { simdSupported } from '../kernel/simd.js';
import { TRACKS, type TrackName, type Verdict } from './track.js';
import { type VerifyOptions, verify } from './verify.js';

/** A vector file: what each nonce gives, by an implementation that is not ours. */
export interface VectorFile {
  vectors: Vector[];
}

export interface Vector {
  id: string;
  track: TrackName;
  params: unknown;
  nonce: string;
  /** `trap`: the original fails; we refuse the parameters. */
  expect: { code: number | 'trap'; digest: string | null; maxBits: number | null };
}

/** How one vector came out by one path. */
export interface Checked {
  id: string;
  path: NonNullable<VerifyOptions['build']>;
  ok: boolean;
  expected: Vector['expect'];
  got: Verdict;
}

/** Whether this is a vector file, as far as `check` needs: whoever made it may name its format as they like. */
export function isVectorFile(value: unknown): value is VectorFile {
  const { vectors } = Object(value);
  return Array.isArray(vectors) && vectors.every(isVector);
}

function isVector(value: unknown): value is Vector {
  const { id, track, nonce, expect } = Object(value);
  const { code, digest, maxBits } = Object(expect);
  return (
    typeof id === 'string' &&
    TRACKS.includes(track) &&
    typeof nonce === 'string' &&
    (code === 'trap' || Number.isInteger(code)) &&
    (digest === null || typeof digest === 'string') &&
    (maxBits === null || Number.isInteger(maxBits))
  );
}

/** Takes every vector through the reference and both kernels; without SIMD in this engine, through the scalar one. */
export async function* check(vectors: readonly Vector[]): AsyncGenerator<Checked> {
  const paths = simdSupported()
    ? (['reference', 'scalar', 'simd'] as const)
    : (['reference', 'scalar'] as const);
  for (const { id, track, params, nonce, expect: expected } of vectors) {
    for (const path of paths) {
      const got = await verify(track, params, nonce, { build: path });
      yield { id, path, ok: agrees(expected, got), expected, got };
    }
  }
}

function agrees(expected: Vector['expect'], got: Verdict): boolean {
  const code = expected.code === 'trap' ? 'invalid_params' : expected.code;
  return got.code === code && got.digest === expected.digest && got.maxBits === expected.maxBits;
}
