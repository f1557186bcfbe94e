import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BASE_MODULUS, SCALAR_MODULUS } from '../field/index.js';
import { type Proof, readProof, writeProof } from '../proof/index.js';
import { judge } from './judge.fixture.js';
import {
  negatedG1,
  negatedG2,
  rerandomised,
  smallTwistPoint,
  sumG2,
  twistPoint,
} from './trapdoor.fixture.js';
import type { VerificationKey } from './verification-key.js';
import type { Verifier } from './verifier.js';

/** A proof and its signals as they come over the wire, in which anything may have become anything. */
type Wire = { proof: unknown; publicSignals: unknown };
/** Where a number, or what holds it, stands. */
type Path = readonly (string | number)[];

const COORDINATES: Path[] = [
  ...['pi_a', 'pi_c'].flatMap((point) => [0, 1, 2].map((i) => ['proof', point, i])),
  ...[0, 1, 2].flatMap((i) => [0, 1].map((j) => ['proof', 'pi_b', i, j])),
];
const SIGNALS: Path[] = [0, 1, 2, 3, 4].map((i) => ['publicSignals', i]);
const NUMBERS = [...COORDINATES, ...SIGNALS];
const NODES: Path[] = [
  ...NUMBERS,
  ['proof'],
  ['publicSignals'],
  ...['pi_a', 'pi_b', 'pi_c', 'protocol', 'curve'].map((name) => ['proof', name]),
  ...[0, 1, 2].map((i) => ['proof', 'pi_b', i]),
];

/** The value with what stands at `path` replaced by what `change` makes of it; undefined removes it. */
function altered(value: unknown, [step, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value)) {
    const changed = altered(value[Number(step)], rest, change);
    return changed === undefined ? value.toSpliced(Number(step), 1) : value.with(Number(step), changed);
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = new Map<string, unknown>(Object.entries(value));
  const changed = altered(members.get(String(step)), rest, change);
  if (changed === undefined) members.delete(String(step));
  else members.set(String(step), changed);
  return Object.fromEntries(members);
}

function at(path: Path, change: (old: unknown) => unknown): (wire: Wire) => Wire {
  return (wire) => {
    const changed = altered(wire, path, change);
    assert.ok(typeof changed === 'object' && changed !== null);
    return { proof: undefined, publicSignals: undefined, ...changed };
  };
}

/** Changes a number's text, where there is one. */
function text(path: Path, change: (old: string) => unknown): (wire: Wire) => Wire {
  return at(path, (old) => (typeof old === 'string' ? change(old) : old));
}

const modulusOf = (path: Path) => (path[0] === 'proof' ? BASE_MODULUS : SCALAR_MODULUS);
const number = fc.constantFrom(...NUMBERS);
const node = fc.constantFrom(...NODES);
const signal = fc.constantFrom(...SIGNALS);

const SPELLINGS: ((old: string) => string)[] = [
  (old) => `0x${BigInt(old).toString(16)}`,
  (old) => `0x${BigInt(old).toString(16).padStart(64, '0').toUpperCase()}`,
  (old) => `0x${BigInt(old).toString(16).padStart(65, '0')}`,
  (old) => `0X${BigInt(old).toString(16)}`,
  (old) => `0b${BigInt(old).toString(2)}`,
  (old) => `0${old}`,
  (old) => `+${old}`,
  (old) => `-${old}`,
  (old) => ` ${old}`,
  (old) => `${old}\n`,
  (old) => `${old}.0`,
  (old) => `${old}e0`,
  (old) => `${old}n`,
];

const CARELESS: fc.Arbitrary<(wire: Wire) => Wire> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(number, fc.nat(255))
      .map(([path, bit]) => text(path, (old) => `${BigInt(old) ^ (1n << BigInt(bit))}`)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(number, fc.nat(79), fc.nat(7))
      .map(([path, i, bit]) => text(path, (old) => bitFlipped(old, i % old.length, bit))),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(number, fc.constantFrom(...SPELLINGS)).map(([path, spell]) => text(path, spell)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(number, fc.constantFrom(-1n, 1n, 2n, 3n))
      .map(([path, n]) => text(path, (old) => `${BigInt(old) + n * modulusOf(path)}`)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(number, fc.constantFrom(-1n, 1n))
      .map(([path, n]) =>
        text(path, (old) => `0x${(BigInt(old) + modulusOf(path) * (n < 0n ? 0n : n)).toString(16)}`),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(signal, fc.bigInt(0n, SCALAR_MODULUS - 1n))
      .map(([path, value]) => at(path, () => `${value}`)),
  },
  { weight: 2, arbitrary: fc.tuple(number, number).map(([one, other]) => swapped(one, other)) },
  { weight: 1, arbitrary: fc.tuple(node, node).map(([one, other]) => swapped(one, other)) },
  { weight: 1, arbitrary: node.map((path) => at(path, () => undefined)) },
  { weight: 2, arbitrary: fc.tuple(node, fc.anything()).map(([path, value]) => at(path, () => value)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(node, fc.jsonValue())
      .map(([path, value]) => at(path, (old) => (Array.isArray(old) ? [...old, value] : value))),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.string(), fc.jsonValue()).map(([name, value]) => at(['proof', name], () => value)),
  },
);

/** What takes knowing the curve: valid again, invalid in one point, or outside the group. */
function crafted(first: Proof, second: Proof, key: VerificationKey): Wire[] {
  const { a, b, c } = first;
  return [
    { ...first, a: negatedG1(a), b: negatedG2(b) },
    { ...first, a: negatedG1(a) },
    { ...first, b: negatedG2(b) },
    { ...first, c: negatedG1(c) },
    { ...first, a: c, c: a },
    { ...first, a: second.a },
    { ...first, signals: second.signals },
    { ...second, signals: first.signals },
    { ...first, b: twistPoint() },
    { ...first, b: sumG2(b, smallTwistPoint()) },
    { ...first, b: key.gamma },
    ...Array.from({ length: 5 }, () => rerandomised(first, key)),
  ].map(writeProof);
}

function swapped(one: Path, other: Path): (wire: Wire) => Wire {
  return (wire) => {
    const [x, y] = [valueAt(wire, one), valueAt(wire, other)];
    return at(other, () => x)(at(one, () => y)(wire));
  };
}

function valueAt(wire: Wire, path: Path): unknown {
  let found: unknown;
  altered(wire, path, (old) => {
    found = old;
    return old;
  });
  return found;
}

function bitFlipped(old: string, i: number, bit: number): string {
  const code = old.charCodeAt(i) ^ (1 << bit);
  return old.slice(0, i) + String.fromCharCode(code) + old.slice(i + 1);
}

/**
 * Mutates proofs, twenty at a time, and expects that they are judged, alone and in a batch, as the second verifier
 * judges them.
 * @param proofs two at least, valid for the key, which `verifier` was opened with
 */
export function assertJudgedAlike(
  verifier: Verifier,
  key: VerificationKey,
  proofs: readonly Proof[],
  batches: number,
): void {
  const [first = assert.fail(), second = assert.fail()] = proofs;
  const made = fc.constantFrom(...crafted(first, second, key));
  const mutated = fc
    .tuple(fc.constantFrom(...proofs.map(writeProof)), CARELESS)
    .map(([wire, mutate]) => mutate(wire));
  const candidate = fc.oneof({ weight: 7, arbitrary: mutated }, { weight: 1, arbitrary: made });
  const counts = { valid: 0, invalid: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(candidate, { minLength: 20, maxLength: 20 }), (batch) => {
      const expected = batch.map(({ proof, publicSignals }) => judge(key, proof, publicSignals));
      const read = batch.map(({ proof, publicSignals }) =>
        readProof(proof, publicSignals, first.signals.length),
      );
      assert.deepEqual(
        read.map((each) => each.ok && verifier.verify(each.value)),
        expected,
      );
      assert.deepEqual(
        verifier.verifyBatch(read.filter((each) => each.ok).map(({ value }) => value)),
        expected.filter((_, i) => read[i]?.ok),
      );
      for (const [i, each] of read.entries()) {
        if (!each.ok) assert.match(each.field, /^(proof|publicSignals)(\.|$)/);
        counts[each.ok ? (expected[i] ? 'valid' : 'invalid') : 'refused']++;
      }
    }),
    { numRuns: batches, endOnFailure: true },
  );
  // Judging only refusals alike would be judging nothing.
  for (const [kind, count] of Object.entries(counts)) assert.ok(count > 0, kind);
}
