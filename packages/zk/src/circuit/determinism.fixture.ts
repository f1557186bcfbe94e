import { SCALAR_MODULUS } from '../field/index.js';
import { type Constraint, type LinearCombination, type R1cs, wiresOf } from './r1cs.fixture.js';

/** What the constraints leave to the prover, once the inputs are given. */
export type Determinism = {
  /** Wires that follow where some factor, itself determined, is not zero: divisions. */
  unlessZero: number[];
  /** Bits that follow if their number is also known to be below the modulus: they are enough for more than one. */
  unlessAliased: number[];
  /** Wires that nothing determines. */
  free: number[];
};

/**
 * Follows from the inputs on which wires can have one value only. Uses what is certain first and divisions last, so
 * that what it reports is what somebody has to give a reason for. It proves too little at worst, never too much.
 */
export function determine({ wires, outputs, inputs, constraints }: R1cs): Determinism {
  const found: Determinism = { unlessZero: [], unlessAliased: [], free: [] };
  const known = new Set([0]);
  /** Values of the wires that are the same in every witness. */
  const constants = new Map([[0, 1n]]);
  const bits = new Set<number>();
  const touching = new Map<number, number[]>();
  for (const [index, constraint] of constraints.entries()) {
    for (const wire of wiresOf(constraint)) {
      const others = touching.get(wire);
      if (others === undefined) touching.set(wire, [index]);
      else others.push(index);
    }
  }

  const certain = new Set(constraints.keys());
  const divisions = new Set<number>();
  for (let wire = outputs + 1; wire <= outputs + inputs; wire++) know(wire);

  for (;;) {
    for (const index of certain) {
      certain.delete(index);
      visit(index);
    }
    const [division] = divisions;
    if (division === undefined) break;
    divisions.delete(division);
    const wire = soleUnknown(division);
    if (wire === undefined) continue;
    found.unlessZero.push(wire);
    know(wire);
  }
  for (let wire = 1; wire < wires; wire++) if (!known.has(wire)) found.free.push(wire);
  return found;

  function know(wire: number): void {
    known.add(wire);
    for (const index of touching.get(wire) ?? []) certain.add(index);
  }

  function unknownOf(index: number): number[] {
    const constraint = constraints[index];
    return constraint === undefined ? [] : Array.from(wiresOf(constraint)).filter((wire) => !known.has(wire));
  }

  function soleUnknown(index: number): number | undefined {
    const unknown = unknownOf(index);
    return unknown.length === 1 ? unknown[0] : undefined;
  }

  function visit(index: number): void {
    const constraint = constraints[index];
    const unknown = unknownOf(index);
    const [wire] = unknown;
    if (constraint === undefined || wire === undefined) return;
    if (unknown.length === 1) solve(index, constraint, wire);
    else if (unknown.every((each) => bits.has(each))) readNumber(constraint, unknown);
  }

  /** One unknown wire: determined where it is linear and its factor is a constant other than zero. */
  function solve(index: number, constraint: Constraint, wire: number): void {
    const { a, b, c } = constraint;
    if (a.has(wire) && b.has(wire)) {
      if (isBit(constraint, wire) && !bits.has(wire)) {
        bits.add(wire);
        for (const other of touching.get(wire) ?? []) certain.add(other);
      }
      return;
    }
    const [left, right] = [constantOf(a), constantOf(b)];
    const factor = a.has(wire) ? right : b.has(wire) ? left : 0n;
    if (factor === undefined) {
      divisions.add(index);
      return;
    }
    const own = (a.get(wire) ?? 0n) * factor + (b.get(wire) ?? 0n) * factor - (c.get(wire) ?? 0n);
    // Zero times the wire says nothing about it.
    if (modulo(own) === 0n) return;
    learnConstant(constraint, wire, modulo(own));
    know(wire);
  }

  function learnConstant({ a, b, c }: Constraint, wire: number, factor: bigint): void {
    const [left, right, result] = [a, b, c].map((each) => constantOf(each, wire));
    if (left === undefined || right === undefined || result === undefined) return;
    constants.set(wire, modulo((result - left * right) * inverse(factor)));
  }

  /** Several unknown bits in one sum: determined where no two choices of them give the same. */
  function readNumber({ a, b, c }: Constraint, unknown: readonly number[]): void {
    const [left, right] = [constantOf(a), constantOf(b)];
    if (left === undefined && right === undefined) return;
    const weightOf = (wire: number) =>
      modulo((a.get(wire) ?? 0n) * (right ?? 0n) + (b.get(wire) ?? 0n) * (left ?? 0n) - (c.get(wire) ?? 0n));
    const weights = unknown.map(weightOf);
    const ascending = (flip: (weight: bigint) => bigint) =>
      weights.map(flip).sort((x, y) => (x < y ? -1 : 1));
    for (const sorted of [ascending((weight) => weight), ascending((weight) => SCALAR_MODULUS - weight)]) {
      let sum = 0n;
      const superincreasing = sorted.every((weight) => {
        const larger = weight > sum;
        sum += weight;
        return larger;
      });
      if (!superincreasing) continue;
      if (sum >= SCALAR_MODULUS) found.unlessAliased.push(...unknown);
      for (const wire of unknown) know(wire);
      return;
    }
  }

  /** The value of a combination of constants, but for one wire that does not count. */
  function constantOf(combination: LinearCombination, except?: number): bigint | undefined {
    let sum = 0n;
    for (const [wire, coefficient] of combination) {
      if (wire === except) continue;
      const value = constants.get(wire);
      if (value === undefined) return undefined;
      sum += coefficient * value;
    }
    return modulo(sum);
  }
}

/** wire · (wire - 1) = 0 */
function isBit({ a, b, c }: Constraint, wire: number): boolean {
  const only = (combination: LinearCombination) =>
    Array.from(combination.keys()).every((each) => each === wire || each === 0);
  if (c.size > 0 || !only(a) || !only(b)) return false;
  const rootOf = (combination: LinearCombination) =>
    modulo(-(combination.get(0) ?? 0n) * inverse(combination.get(wire) ?? 0n));
  return [rootOf(a), rootOf(b)].sort().join() === '0,1';
}

function modulo(value: bigint): bigint {
  return ((value % SCALAR_MODULUS) + SCALAR_MODULUS) % SCALAR_MODULUS;
}

function inverse(value: bigint): bigint {
  let [base, exponent, result] = [modulo(value), SCALAR_MODULUS - 2n, 1n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % SCALAR_MODULUS;
    base = (base * base) % SCALAR_MODULUS;
  }
  return result;
}
