import { createHash } from 'node:crypto';
import { type TrackName, tinyVmProgram, vmChainProgram } from '@blindpost/pow/tracks';

const INSTRUCTIONS = 64;
const challenge = '5f'.repeat(32);
const seed = 'a3'.repeat(32);
/** Bytes for the programs, the same each time: benchmarks compare. */
const bytes = createHash('shake256', { outputLength: INSTRUCTIONS * 6 })
  .update('bench')
  .digest();

type Params = Readonly<Record<string, string | number>>;

/** What `pow bench` measures: per track, what the pool might issue, at bits that nobody finds. */
export const SAMPLES: Readonly<Record<TrackName, { title: string; params: Params }>> = {
  CPU_HASH: { title: '', params: params({}) },
  CHAIN: { title: 'steps 1000', params: params({ seed, steps: 1000 }) },
  MEM_WORK: {
    title: '1 MiB, steps 2000',
    params: params({ seed, steps: 2000, lanes: 1, laneSize: 2 ** 20 }),
  },
  BRANCHY_MIX: { title: 'rounds 20,000', params: params({ seed, rounds: 20_000 }) },
  TINY_VM: {
    title: '64 instructions, steps 20,000',
    params: params({ seed, program_hex: tinyVmProgram(bytes, INSTRUCTIONS), steps: 20_000 }),
  },
  VM_CHAIN: {
    title: '64 instructions, steps 20,000, 65,536 words',
    params: params({
      seed,
      program_hex: vmChainProgram(bytes, INSTRUCTIONS),
      steps: 20_000,
      memWords: 65_536,
      chainUpdateEvery: 64,
      sampleWords: 64,
    }),
  },
  ARGON2D_CHAIN: {
    title: '1024 blocks, 1 pass',
    params: params({ seed, memBlocks: 1024, passes: 1, lanes: 1 }),
  },
};

function params(members: Params): Params {
  return { challenge, ...members, bits: 256 };
}
