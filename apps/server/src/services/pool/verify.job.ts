import { type TrackName, type Verdict, Verifier } from '@blindpost/pow/tracks';
import { defineJob } from '../../platform/compute/job.js';

/** WebAssembly memory never shrinks: a thread that holds more than this makes way for a fresh one. */
const MEMORY_BYTES = 128 * 1024 * 1024;

const verifier = new Verifier();

/** Judges one nonce; the thread keeps what the proofs of a round share. */
export const verify = defineJob<{ track: TrackName; params: unknown; nonce: string }, Verdict>(
  import.meta.url,
  'verify',
  async ({ track, params, nonce }, thread) => {
    const verdict = await verifier.verify(track, params, nonce);
    if (verifier.memoryBytes > MEMORY_BYTES) thread.retire();
    return verdict;
  },
);
