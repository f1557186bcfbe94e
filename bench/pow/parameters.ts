import { createHash } from 'node:crypto';
import type { TrackName } from '@blindpost/pow/tracks';

/** Instructions of a program. */
const INSTRUCTIONS = 64;
/** Opcodes that compute, load, store, test, branch and jump; the ones above halt or refuse. */
const OPCODES = 9;
const JUMP = 8;

/**
 * What the original's WebAssembly reached with parameters of these sizes, in nonces per CPU second, by one thread of
 * a Xeon with SHA instructions on Node 20.
 */
export const ORIGINAL: Record<TrackName, number> = {
  CPU_HASH: 910_000,
  CHAIN: 1820,
  MEM_WORK: 54,
  BRANCHY_MIX: 4340,
  TINY_VM: 7940,
  VM_CHAIN: 208,
  ARGON2D_CHAIN: 52,
};

/** What a pool would send, bare. */
export type RoundParams = Record<string, string | number>;

/** Parameters of a round; another round has another challenge, seed and program. No nonce ever wins. */
export function parametersOf(track: TrackName, round: number): RoundParams {
  const texts = { challenge: drawn('challenge', round), seed: drawn('seed', round), bits: 256 };
  switch (track) {
    case 'CPU_HASH':
      return texts;
    case 'CHAIN':
      return { ...texts, steps: 1000 };
    case 'MEM_WORK':
      return { ...texts, steps: 2000, lanes: 1, laneSize: 2 ** 20 };
    case 'BRANCHY_MIX':
      return { ...texts, rounds: 20_000 };
    case 'TINY_VM':
      return { ...texts, program_hex: program(4, round), steps: 20_000 };
    case 'VM_CHAIN': {
      const sizes = { memWords: 65_536, chainUpdateEvery: 64, sampleWords: 64 };
      return { ...texts, program_hex: program(6, round), steps: 20_000, ...sizes };
    }
    case 'ARGON2D_CHAIN':
      return { ...texts, memBlocks: 1024, passes: 1, lanes: 1 };
  }
}

/** A program of instructions of `length` bytes, every opcode as likely, that never runs off its end. */
function program(length: 4 | 6, round: number): string {
  const bytes = Buffer.from(
    Array.from({ length: Math.ceil((INSTRUCTIONS * length) / 32) }, (_, i) => drawn(`code ${i}`, round)).join(
      '',
    ),
    'hex',
  ).subarray(0, INSTRUCTIONS * length);
  for (let at = 0; at < bytes.length; at += length) {
    bytes[at] = at === bytes.length - length ? JUMP : (bytes[at] ?? 0) % OPCODES;
    // The jump's target in TINY_VM, where it must lie in the program; a register or nothing otherwise.
    if (length === 4) bytes[at + 2] = (bytes[at + 2] ?? 0) % INSTRUCTIONS;
  }
  return bytes.toString('hex');
}

/** 64 hexadecimal digits, the same in every run. */
function drawn(what: string, round: number): string {
  return createHash('sha256').update(`bench/pow ${what} ${round}`).digest('hex');
}
