import { tinyVmProgram, vmChainProgram } from '@blindpost/pow/tracks';
import type { TrackName } from '@blindpost/protocol/pool';
import { BASE, INSTRUCTIONS } from './tracks.js';

/** What a round asks, member by member as the definition of its track names them. */
export type RoundParams = Record<string, string | number>;

const SECRET_BYTES = 32;
/** An instruction of VM_CHAIN, the longer of the two. */
const INSTRUCTION_BYTES = 6;

/** What a round is drawn from: challenge, seed and program. */
export const ENTROPY_BYTES = 2 * SECRET_BYTES + INSTRUCTIONS * INSTRUCTION_BYTES;

/**
 * The parameters of a new round.
 * @param entropy {@link ENTROPY_BYTES} random bytes or more, in hex: everything is the server's, so that no miner
 * can choose where the challenge ends and the seed begins
 */
export function issue(track: TrackName, bits: number, entropy: string): RoundParams {
  const challenge = entropy.slice(0, 2 * SECRET_BYTES);
  const seed = entropy.slice(2 * SECRET_BYTES, 4 * SECRET_BYTES);
  const common = track === 'CPU_HASH' ? { challenge, bits } : { challenge, seed, bits, ...BASE[track] };
  const program = PROGRAM[track]?.(Buffer.from(entropy.slice(4 * SECRET_BYTES), 'hex'), INSTRUCTIONS);
  return program === undefined ? common : { ...common, program_hex: program };
}

/** The tracks whose rounds each run a program of their own. */
const PROGRAM: Partial<Record<TrackName, (bytes: Uint8Array, instructions: number) => string>> = {
  TINY_VM: tinyVmProgram,
  VM_CHAIN: vmChainProgram,
};
