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
 * `verify` is about the whole of one verification from nothing; `search` is one attempt within a search that
 * shares whatever a round's attempts can share.
 */
export type Cost = { verify: number; search: number };

/** One compression of SHA-256 by itself, and as one of four attempts side by side. */
const ALONE = 0.2;
const BESIDE = 0.072;
/** The way to a worker thread and back, and opening an engine there. */
const ERRAND = 250;
/** A step of a virtual machine: interpreted, and compiled for a search. */
const VM_STEP = 0.08;
const TINY_STEP_BESIDE = 0.0005;
const CHAIN_STEP_BESIDE = 0.002;
/** A round of BRANCHY_MIX; a search sorts its attempts by branch. */
const MIX_ROUND = 0.011;
const MIX_ROUND_BESIDE = 0.003;
/** Mixing one block of 1 KiB of ARGON2D_CHAIN. */
const MIX_BLOCK = 1;
const MIX_BLOCK_BESIDE = 0.4;

type Work = {
  /** Of each attempt. */
  compressions?: number;
  /** Compressions of a verification that a search does once for all attempts, or not at all. */
  shared?: number;
  /** Microseconds of anything else, by itself and within a search. */
  other?: readonly [alone: number, beside: number];
};

function cost({ compressions = 0, shared = 0, other: [alone, beside] = [0, 0] }: Work): Cost {
  return {
    verify: ERRAND + alone + (compressions + shared) * ALONE,
    search: beside + compressions * BESIDE,
  };
}

const { CHAIN, MEM_WORK, BRANCHY_MIX, TINY_VM, VM_CHAIN, ARGON2D_CHAIN } = BASE;

export const COSTS: Record<TrackName, Cost> = {
  // A search keeps the challenge's state and makes each nonce so long that one more compression ends it.
  CPU_HASH: cost({ compressions: 1, shared: 3 }),
  CHAIN: cost({ compressions: CHAIN.steps, shared: 3 }),
  // A step hashes 68 bytes, two compressions; the memory is filled once per round.
  MEM_WORK: cost({ compressions: 2 * MEM_WORK.steps, shared: (MEM_WORK.lanes * MEM_WORK.laneSize) / 32 }),
  BRANCHY_MIX: cost({
    shared: 5,
    other: [BRANCHY_MIX.rounds * MIX_ROUND, BRANCHY_MIX.rounds * MIX_ROUND_BESIDE],
  }),
  // 1,024 words of memory, then the first hash and 192 bytes of digest.
  TINY_VM: cost({
    compressions: 1_024 / 8 + 7,
    other: [TINY_VM.steps * VM_STEP, TINY_VM.steps * TINY_STEP_BESIDE],
  }),
  // A chain update hashes 60 bytes, two compressions; a sample takes one.
  VM_CHAIN: cost({
    compressions:
      VM_CHAIN.memWords / 8 + (2 * VM_CHAIN.steps) / VM_CHAIN.chainUpdateEvery + VM_CHAIN.sampleWords + 12,
    other: [VM_CHAIN.steps * VM_STEP, VM_CHAIN.steps * CHAIN_STEP_BESIDE],
  }),
  ARGON2D_CHAIN: cost({
    compressions: ARGON2D_CHAIN.memBlocks * 32 + 17,
    other: [
      ARGON2D_CHAIN.memBlocks * ARGON2D_CHAIN.passes * MIX_BLOCK,
      ARGON2D_CHAIN.memBlocks * ARGON2D_CHAIN.passes * MIX_BLOCK_BESIDE,
    ],
  }),
};
