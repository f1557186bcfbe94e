import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Puzzle, verify } from './index.js';
import { type HashcashKernel, hashcashKernel } from './kernel.js';
import { Walk } from './walk.js';

const kernels = { scalar: await hashcashKernel('scalar'), simd: await hashcashKernel('simd') };
const utf8 = new TextEncoder();

function walk(kernel: HashcashKernel, { seed, context, difficulty }: Puzzle, start: bigint): Walk {
  return new Walk(kernel, utf8.encode(seed + context), difficulty, start);
}

/** The first `count` nonces that a walk answers, each with the attempts it had made by then. */
function walked(walk: Walk, count: number): [string, number][] {
  const found: [string, number][] = [];
  while (found.length < count) {
    const nonce = walk.step();
    if (nonce !== undefined) found.push([nonce, walk.attempts]);
  }
  return found;
}

/** The same by the reference, one number after the other. */
function counted(puzzle: Puzzle, start: bigint, digits: number, count: number): [string, number][] {
  const found: [string, number][] = [];
  for (let attempts = 1; found.length < count; attempts++) {
    const number = (start + BigInt(attempts - 1)) % 10n ** BigInt(digits);
    const nonce = number.toString().padStart(digits, '0');
    if (verify(puzzle, nonce)) found.push([nonce, attempts]);
  }
  return found;
}

function assertAgreement(puzzle: Puzzle, start: bigint, count: number): void {
  const scalar = walked(walk(kernels.scalar, puzzle, start), count);
  const simd = walked(walk(kernels.simd, puzzle, start), count);
  const digits = scalar[0]?.[0].length ?? 0;
  assert.ok(digits >= 16 && digits <= 31, `${digits} digits`);
  assert.deepEqual(scalar, counted(puzzle, start, digits, count));
  assert.deepEqual(simd, scalar);
}

test('scalar, SIMD and reference find the same nonces after a prefix of any length to 300 bytes', () => {
  for (let length = 0; length <= 300; length++) {
    assertAgreement({ seed: '', context: 'x'.repeat(length), difficulty: 4 }, BigInt(length * 1234), 2);
  }
});

test('scalar, SIMD and reference find the same nonces for any seed, context, start and difficulty', () => {
  const puzzle = fc.record({
    seed: fc.stringMatching(/^[0-9a-f]{64}$/),
    context: fc.string({ unit: 'binary', maxLength: 300, size: 'max' }),
    difficulty: fc.nat(6),
  });
  const last = 10n ** 16n - 1n;
  const start = fc.oneof(
    fc.bigInt({ min: 0n, max: last }),
    // Soon before the head of the nonce changes, or before all of it begins again.
    fc.bigInt({ min: 1n, max: 10n ** 12n }).map((head) => head * 10_000n - 3n),
    fc.constant(last),
  );
  fc.assert(fc.property(puzzle, start, fc.integer({ min: 1, max: 8 }), assertAgreement));
});

test('a context of several KiB and a half surrogate are hashed as by the reference', () => {
  const recipients = Array.from({ length: 100 }, (_, i) => i.toString(16).padStart(64, '0')).join(',');
  assertAgreement({ seed: 'ab'.repeat(32), context: recipients, difficulty: 6 }, 0n, 3);
  assertAgreement({ seed: 'ab'.repeat(32), context: 'a\ud800b', difficulty: 6 }, 0n, 3);
});

test('walks that take turns on one kernel find what each finds alone', () => {
  const puzzles: Puzzle[] = [
    { seed: 'cd'.repeat(32), context: 'alice', difficulty: 8 },
    { seed: '', context: 'y'.repeat(120), difficulty: 9 },
    { seed: '', context: '', difficulty: 10 },
  ];
  const alone = puzzles.map((puzzle) => walked(walk(kernels.simd, puzzle, 0n), 5));
  const walks = puzzles.map((puzzle) => walk(kernels.simd, puzzle, 0n));
  const found = walks.map((): [string, number][] => []);
  while (found.some(({ length }) => length < 5)) {
    for (const [i, each] of walks.entries()) found[i]?.push(...walked(each, 1));
  }
  assert.deepEqual(found, alone);
});
