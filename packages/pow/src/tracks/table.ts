import { argon2dChain } from './argon2d-chain/index.js';
import { branchyMix } from './branchy-mix/index.js';
import { chain } from './chain/index.js';
import { cpuHash } from './cpu-hash/index.js';
import { memWork } from './mem-work/index.js';
import { tinyVm } from './tiny-vm/index.js';
import type { Build, Engine, Track, TrackName } from './track.js';
import { vmChain } from './vm-chain/index.js';

/** A track of which no more is known than that a nonce must have zero bits. */
export type AnyTrack = Track<{ bits: number }>;

/** Every track by its name. */
export const TRACK_TABLE: Record<TrackName, AnyTrack> = {
  CPU_HASH: cpuHash,
  CHAIN: chain,
  BRANCHY_MIX: branchyMix,
  ARGON2D_CHAIN: argon2dChain,
  MEM_WORK: memWork,
  TINY_VM: tinyVm,
  VM_CHAIN: vmChain,
};

/**
 * An engine of `track` for parameters as they come from outside. Rejects with a TypeError when the track refuses
 * them and with a RangeError when there is no memory to be had.
 *
 * @param start see `Track.open`
 */
export async function openTrack(
  track: TrackName,
  params: unknown,
  build: Build,
  start?: string,
): Promise<Engine> {
  const read = TRACK_TABLE[track].read(params);
  if (!read.ok) throw new TypeError(`${track} refuses ${read.field}: ${read.code}`);
  return TRACK_TABLE[track].open(read.params, build, start);
}
