/** What TINY_VM and VM_CHAIN have in common: a nonce runs a program, interpreted or compiled. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc, { type Arbitrary } from 'fast-check';
import { openTrack, TRACK_TABLE } from '../table.js';
import { tinyVmProgram, vmChainProgram } from './draw.js';
import { OP } from './instruction.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const NONCES = ['one', 'two', '3rd', '4th'];

const hex = (digest: Uint8Array | number) => (typeof digest === 'number' ? digest : bytesToHex(digest));

/** What the definition says of each nonce, and both kernels. */
async function digestsOf(track: 'TINY_VM' | 'VM_CHAIN', params: object) {
  const read = TRACK_TABLE[track].read(params);
  assert.ok(read.ok);
  const reference = NONCES.map((nonce) => hex(TRACK_TABLE[track].reference(read.params, nonce)));
  const interpreted = (await openTrack(track, params, 'scalar')).digests(NONCES).map(hex);
  const compiled = (await openTrack(track, params, 'simd')).digests(NONCES).map(hex);
  return { reference, interpreted, compiled };
}

async function agreed(track: 'TINY_VM' | 'VM_CHAIN', params: object): Promise<(string | number)[]> {
  const { reference, interpreted, compiled } = await digestsOf(track, params);
  assert.deepEqual(interpreted, reference, 'interpreted');
  assert.deepEqual(compiled, reference, 'compiled');
  return reference;
}

const MACHINES = [
  {
    track: 'TINY_VM',
    refused: 6,
    rest: {},
    draw: tinyVmProgram,
    most: 1024,
    row: (op: number, a: number, b: number, target: number, imm: number) =>
      Uint8Array.of(op, a, op === OP.BRANCH || op === OP.JUMP ? target : b, imm),
    /** How far a jump can lead. */
    farthest: 255,
  },
  {
    track: 'VM_CHAIN',
    refused: 7,
    rest: { memWords: 1024, chainUpdateEvery: 64, sampleWords: 8 },
    draw: vmChainProgram,
    most: 4096,
    row: (op: number, a: number, b: number, target: number, imm: number) =>
      Uint8Array.of(op, a, b, target & 255, target >> 8, imm),
    farthest: 4095,
  },
] as const;

for (const { track, refused, rest, draw, most, row, farthest } of MACHINES) {
  const COMMON = { challenge: 'alice', seed: 'bob', bits: 0, ...rest };
  const program = (rows: readonly Uint8Array[]) => rows.map(bytesToHex).join('');
  const add = row(OP.ADD, 1, 2, 0, 3);
  const fill = (rows: readonly Uint8Array[], count = 16) =>
    program([...rows, ...Array.from({ length: count - rows.length }, () => add)]);

  /** Instructions of any kind, also such that mean nothing; `ends` of a thousand halt or refuse. */
  const programs = (longest: number, ends: number): Arbitrary<string> =>
    fc.integer({ min: 16, max: longest }).chain((count) => {
      const op = fc.oneof(
        { weight: 1000 - ends, arbitrary: fc.nat(8) },
        { weight: ends, arbitrary: fc.integer({ min: 9, max: 255 }) },
      );
      const target = fc.nat(Math.min(count - 1, farthest));
      const any = fc
        .tuple(op, fc.nat(255), fc.nat(255), target, fc.nat(255))
        .map(([op, a, b, target, imm]) => row(op, a, b, target, imm));
      return fc.array(any, { minLength: count, maxLength: count, size: 'max' }).map(program);
    });

  describe(track, () => {
    test('1,000 random programs agree after 1 to 50 steps', async () => {
      const steps = fc.integer({ min: 1, max: 50 });
      await fc.assert(
        fc.asyncProperty(programs(64, 50), steps, async (program_hex, steps) => {
          await agreed(track, { ...COMMON, program_hex, steps });
        }),
        { numRuns: Math.ceil(1000 * SCALE) },
      );
    });

    test('1,000 random programs of any length agree after thousands of steps', async () => {
      const steps = fc.integer({ min: 1000, max: 20_000 });
      await fc.assert(
        fc.asyncProperty(programs(most, 1), steps, async (program_hex, steps) => {
          await agreed(track, { ...COMMON, program_hex, steps });
        }),
        { numRuns: Math.ceil(1000 * SCALE) },
      );
    });

    test('a run may end at any of its steps', async () => {
      const bytes = Uint8Array.from({ length: 40 * 6 }, (_, i) => (i * 167 + (i >> 3)) & 255);
      const program_hex = draw(bytes, 40);
      const seen = new Set<string | number>();
      for (let steps = 1; steps <= 150; steps++) {
        const [first] = await agreed(track, { ...COMMON, program_hex, steps });
        if (first !== undefined) seen.add(first);
      }
      assert.ok(seen.size > 75, `${seen.size} digests`);
    });

    test('a program that runs off its end is refused at the next step, not before', async () => {
      const off = (steps: number) => agreed(track, { ...COMMON, program_hex: fill([]), steps });
      assert.ok((await off(16)).every((digest) => typeof digest === 'string'));
      assert.deepEqual(new Set(await off(17)), new Set([refused]));
    });

    test('an operation that means nothing refuses when it is reached, with steps left', async () => {
      for (const op of [10, 255]) {
        const program_hex = fill([add, add, row(op, 0, 0, 0, 0)]);
        assert.equal((await agreed(track, { ...COMMON, program_hex, steps: 3 })).at(-1), refused);
        assert.notEqual((await agreed(track, { ...COMMON, program_hex, steps: 2 })).at(-1), refused);
        const passed = fill([row(OP.JUMP, 0, 0, 2, 0), row(op, 0, 0, 0, 0), row(OP.JUMP, 0, 0, 0, 0)]);
        assert.notEqual((await agreed(track, { ...COMMON, program_hex: passed, steps: 99 })).at(-1), refused);
      }
    });

    test('a halt ends a run as if there were no steps left', async () => {
      const program_hex = fill([add, add, row(OP.HALT, 0, 0, 0, 0)]);
      const halted = await agreed(track, { ...COMMON, program_hex, steps: 1000 });
      assert.deepEqual(await agreed(track, { ...COMMON, program_hex, steps: 2 }), halted);
    });

    test('four nonces side by side may end apart: halted, refused, and at the last step', async () => {
      // Each turn every nonce throws two bits, and leaves when they are ones.
      const turn = [
        row(OP.ADD, 1, 2, 0, 77),
        row(OP.MULTIPLY, 2, 1, 0, 5),
        row(OP.BRANCH, 1, 0, 4, 29),
        row(OP.JUMP, 0, 0, 0, 0),
        row(OP.BRANCH, 2, 0, 6, 30),
        row(OP.JUMP, 0, 0, 0, 0),
        row(OP.BRANCH, 1, 0, 8, 28),
        row(OP.HALT, 0, 0, 0, 0),
        row(200, 0, 0, 0, 0),
      ];
      const kinds = new Set<string>();
      for (let steps = 1; steps < 60; steps += 3) {
        const all = await agreed(track, { ...COMMON, program_hex: fill(turn), steps });
        kinds.add(all.map((digest) => (typeof digest === 'number' ? 'refused' : 'ended')).join());
      }
      assert.ok([...kinds].some((kind) => kind.includes('refused') && kind.includes('ended')));
    });

    test('loops that only jump run out of steps', async () => {
      const program_hex = fill([row(OP.JUMP, 0, 0, 1, 0), row(OP.JUMP, 0, 0, 0, 0)]);
      const all = await agreed(track, { ...COMMON, program_hex, steps: 20_000 });
      assert.ok(all.every((digest) => typeof digest === 'string'));
    });

    test('the longest programs compile, whatever they are made of', async () => {
      const to = (i: number) => (i * 1237) % (Math.min(most, farthest + 1) - 1);
      const made = [
        (i: number) => row(OP.BRANCH, i, 0, to(i), i),
        (i: number) => row(i & 1 ? OP.BRANCH : OP.LOAD, i, i + 1, to(i), i),
        (i: number) => row(i === most - 1 ? OP.JUMP : OP.STORE, i, i + 1, 0, i),
      ];
      for (const make of made) {
        const program_hex = program(Array.from({ length: most }, (_, i) => make(i)));
        await agreed(track, { ...COMMON, program_hex, steps: 5000 });
      }
    });
  });
}
