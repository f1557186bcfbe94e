import type { TrackName } from '@blindpost/protocol/pool';

/**
 * What every round of a track asks besides its secrets and bits. Chosen so that a verification takes a few
 * milliseconds at most, yet most of a nonce's cost is the work that gives the track its name.
 */
export const BASE = {
  CPU_HASH: {},
  CHAIN: { steps: 1_000 },
  // 256 KiB. A total that is no power of two has two digests: 32-bit and 64-bit programs wrap differently.
  MEM_WORK: { steps: 1_000, lanes: 4, laneSize: 65_536 },
  BRANCHY_MIX: { rounds: 20_000 },
  TINY_VM: { steps: 20_000 },
  VM_CHAIN: { steps: 20_000, memWords: 16_384, chainUpdateEvery: 64, sampleWords: 64 },
  // 1 MiB, the least there is.
  ARGON2D_CHAIN: { memBlocks: 1_024, passes: 1, lanes: 1 },
} as const satisfies Record<TrackName, Record<string, number>>;

/** Instructions of a round's program. */
export const INSTRUCTIONS = 64;

/**
 * Microseconds on one core of the reference machine (a Xeon with WebAssembly at its best):
 * `verify` is the whole of one verification from nothing, at most; `search` is one attempt within a search that
 * shares whatever a round's attempts can share, at least.
 */
export type Cost = { verify: number; search: number };

/** One compression of SHA-256 by itself, and as one of four attempts side by side. */
const ALONE = 0.2;
const BESIDE = 0.072;
/** The way to a worker thread and back. */
const ERRAND = 50;
/** A step of a virtual machine, compiled; and compiling one instruction of its program. */
const VM_STEP = 0.002;
const VM_COMPILE = 5;
/** A round of BRANCHY_MIX; four attempts without branches may halve it. */
const MIX_ROUND = 0.011;
/** Mixing one block of 1 KiB. */
const MIX_BLOCK = 1;

/** Attempts of which `shared` compressions fall away within a search; `other` does not get cheaper there. */
function cost(each: { compressions: number; shared?: number; other?: number; compile?: number }): Cost {
  const { compressions, shared = 0, other = 0, compile = 0 } = each;
  return {
    verify: ERRAND + compile + other + (compressions + shared) * ALONE,
    search: other + compressions * BESIDE,
  };
}

const { CHAIN, MEM_WORK, BRANCHY_MIX, TINY_VM, VM_CHAIN, ARGON2D_CHAIN } = BASE;
const compile = INSTRUCTIONS * VM_COMPILE;

export const COSTS: Record<TrackName, Cost> = {
  // A search keeps the challenge's state and makes each nonce so long that one more compression ends it.
  CPU_HASH: cost({ compressions: 1, shared: 3 }),
  CHAIN: cost({ compressions: CHAIN.steps, shared: 3 }),
  // A step hashes 68 bytes, two compressions; the memory is filled once per round.
  MEM_WORK: cost({ compressions: 2 * MEM_WORK.steps, shared: (MEM_WORK.lanes * MEM_WORK.laneSize) / 32 }),
  BRANCHY_MIX: {
    verify: ERRAND + BRANCHY_MIX.rounds * MIX_ROUND,
    search: (BRANCHY_MIX.rounds * MIX_ROUND) / 2,
  },
  // 1,024 words of memory, then the first hash and 192 bytes of digest.
  TINY_VM: cost({ compressions: 1_024 / 8 + 7, other: TINY_VM.steps * VM_STEP, compile }),
  // A chain update hashes 60 bytes, two compressions; a sample takes one.
  VM_CHAIN: cost({
    compressions:
      VM_CHAIN.memWords / 8 + (2 * VM_CHAIN.steps) / VM_CHAIN.chainUpdateEvery + VM_CHAIN.sampleWords + 12,
    other: VM_CHAIN.steps * VM_STEP,
    compile,
  }),
  ARGON2D_CHAIN: cost({
    compressions: ARGON2D_CHAIN.memBlocks * 32 + 17,
    other: ARGON2D_CHAIN.memBlocks * ARGON2D_CHAIN.passes * MIX_BLOCK,
  }),
};
