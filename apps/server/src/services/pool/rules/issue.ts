import type { TrackName } from '@blindpost/protocol/pool';
import { loopingProgram } from './program.js';
import { BASE, INSTRUCTIONS } from './tracks.js';

/** What a round asks, member by member as the definition of its track names them. */
export type RoundParams = Record<string, string | number>;

const SECRET_BYTES = 32;

/**
 * The parameters of a new round.
 * @param entropy at least 4,096 random bytes in hex: challenge, seed and program are all the server's, so that no
 * miner can choose where one ends and the next begins
 */
export function issue(track: TrackName, bits: number, entropy: string): RoundParams {
  const bytes = Buffer.from(entropy, 'hex');
  const challenge = bytes.toString('hex', 0, SECRET_BYTES);
  const seed = bytes.toString('hex', SECRET_BYTES, 2 * SECRET_BYTES);
  const common = track === 'CPU_HASH' ? { challenge, bits } : { challenge, seed, bits, ...BASE[track] };
  const row = ROW[track];
  if (row === undefined) return common;
  const program = loopingProgram(bytes.subarray(2 * SECRET_BYTES), INSTRUCTIONS, row);
  return { ...common, program_hex: Buffer.from(program).toString('hex') };
}

/** Bytes of an instruction, for the tracks whose rounds each run a program of their own. */
const ROW: Partial<Record<TrackName, 4 | 6>> = { TINY_VM: 4, VM_CHAIN: 6 };
