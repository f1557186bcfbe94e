/** Parameters of each track that are quick to work through, refusals of every kind among them. */
import { bytesToHex } from '@noble/hashes/utils.js';
import fc, { type Arbitrary } from 'fast-check';
import type { TrackName } from './track.js';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  // As the pool issues it, and long enough to end anywhere in a block.
  fc.stringMatching(/^[0-9a-f]{64}$/),
  fc.string({ minLength: 30, maxLength: 150, size: 'max' }),
);
const seed = fc.uint8Array({ maxLength: 70, size: 'max' }).map(bytesToHex);
const bits = fc.oneof({ weight: 9, arbitrary: fc.nat(6) }, { weight: 1, arbitrary: fc.nat(300) });

/** Instructions of `length` bytes: few opcodes that refuse or halt, and in byte 2 a jump that lands as a rule. */
function program(length: 4 | 6): Arbitrary<string> {
  const op = fc.oneof({ weight: 60, arbitrary: fc.nat(8) }, { weight: 1, arbitrary: fc.nat(255) });
  return fc.integer({ min: 16, max: 40 }).chain((count) => {
    const target = fc.oneof(
      { weight: 200, arbitrary: fc.nat(count - 1) },
      { weight: 1, arbitrary: fc.nat(255) },
    );
    const instruction = fc
      .tuple(op, fc.nat(255), target, ...Array.from({ length: length - 3 }, () => fc.nat(255)))
      .map((bytes) => bytesToHex(Uint8Array.from(bytes)));
    return fc.array(instruction, { minLength: count, maxLength: count }).map((all) => all.join(''));
  });
}

/** Parameters of each track, as they come from outside. */
export const SMALL_PARAMS: Record<TrackName, Arbitrary<Record<string, unknown> & { bits: number }>> = {
  CPU_HASH: fc.record({ challenge: text, bits }),
  CHAIN: fc.record({ challenge: text, seed, steps: fc.nat(30), bits }),
  MEM_WORK: fc.record({
    challenge: text,
    seed,
    steps: fc.nat(40),
    lanes: fc.integer({ min: 1, max: 4 }),
    // Down to a byte, where every slice is cut, and sizes that do not divide 2^32.
    laneSize: fc.oneof(fc.integer({ min: 0, max: 70 }), fc.constantFrom(256, 1000, 4096)),
    bits,
  }),
  BRANCHY_MIX: fc.record({ challenge: text, seed: text, rounds: fc.nat(100), bits }),
  TINY_VM: fc.record({
    challenge: text,
    seed: text,
    program_hex: program(4),
    steps: fc.oneof(fc.nat(50), fc.nat(1000)),
    bits,
  }),
  VM_CHAIN: fc.record({
    challenge: text,
    seed: text,
    program_hex: program(6),
    steps: fc.oneof(fc.nat(50), fc.nat(1000)),
    memWords: fc.constantFrom(1024, 1024, 2048, 1000),
    chainUpdateEvery: fc.oneof(fc.nat(20), fc.nat(1025)),
    sampleWords: fc.oneof(fc.nat(10), fc.constantFrom(1024, 5000)),
    bits,
  }),
  ARGON2D_CHAIN: fc.record({
    challenge: text,
    seed: text,
    // 2,048 blocks are the fewest that see the global transform.
    memBlocks: fc.constantFrom(1024, 1024, 1024, 2048),
    passes: fc.constantFrom(1, 1, 2),
    lanes: fc.constant(1),
    bits,
  }),
};

/** Four nonces of one length in UTF-8, as an engine takes them: one text, turned. */
export const fourNonces: Arbitrary<string[]> = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ maxLength: 140, size: 'max' }),
    fc.constant('\ud800a'),
  )
  .map((text) => {
    const points = Array.from(text);
    return [0, 1, 2, 3].map((by) => {
      const at = points.length === 0 ? 0 : by % points.length;
      return [...points.slice(at), ...points.slice(0, at)].join('');
    });
  });
