import { createHash } from 'node:crypto';
import { openTrack, TRACK_TABLE, type TrackName, Verifier, verify } from '@blindpost/pow/tracks';
import { createSHA256 } from 'hash-wasm';
import type { RoundParams } from './parameters.js';
import type { Work } from './rate.js';

/** Ways to spend a round's parameters. */
export type Path = (track: TrackName, params: RoundParams) => Promise<Work | null>;

const sha256 = await createSHA256();
let count = 0;

/** The search: attempts at nonces. */
export const SEARCHES: Record<string, Path> = {
  reference: async (track, params) => {
    const read = TRACK_TABLE[track].read(params);
    if (!read.ok) throw new Error(`${track} refuses ${read.field}`);
    return () => {
      TRACK_TABLE[track].reference(read.params, nonce());
      return 1;
    };
  },
  scalar: (track, params) => search(track, params, 'scalar'),
  simd: (track, params) => search(track, params, 'simd'),
};

/** One nonce at a time, as a pool sees them: of a round it knows, and of one it has not seen before. */
export const VERIFICATIONS: Record<string, Path> = {
  verifyNext: async (track, params) => {
    const verifier = new Verifier();
    return async () => {
      await verifier.verify(track, params, nonce());
      return 1;
    };
  },
  verifyFirst: async (track, params) => async () => {
    await verify(track, params, nonce());
    return 1;
  },
};

/** The same attempts by hashes that are not ours, where a track is nothing but hashes. */
export const CONTROLS: Record<string, Path> = {
  'node:crypto': async (track, params) =>
    hashes(track, params, (message) => createHash('sha256').update(message).digest()),
  'hash-wasm': async (track, params) =>
    hashes(track, params, (message) => sha256.init().update(message).digest('binary')),
};

async function search(track: TrackName, params: RoundParams, build: 'scalar' | 'simd'): Promise<Work> {
  const engine = await openTrack(track, params, build, 'bench');
  return () => {
    const before = engine.attempts;
    engine.step();
    return engine.attempts - before;
  };
}

function hashes(
  track: TrackName,
  { challenge = '', seed = '', steps = 1 }: RoundParams,
  hash: (message: Uint8Array) => Uint8Array,
): Work | null {
  if (track !== 'CPU_HASH' && track !== 'CHAIN') return null;
  const prefix = Buffer.concat([
    Buffer.from(String(challenge)),
    ...(track === 'CHAIN' ? [Buffer.from(String(seed), 'hex')] : []),
  ]);
  return () => {
    let digest = hash(Buffer.concat([prefix, Buffer.from(nonce())]));
    for (let step = 1; step < Number(steps); step++) digest = hash(digest);
    return 1;
  };
}

/** Nonces as a client sends them, each once. */
function nonce(): string {
  return (count++).toString(16).padStart(32, '0');
}
