import { SCALAR_MODULUS } from '../field/index.js';

/** A sum of wires, each times a constant. Wire 0 is always 1. */
export type LinearCombination = ReadonlyMap<number, bigint>;
/** a · b = c */
export type Constraint = { a: LinearCombination; b: LinearCombination; c: LinearCombination };
export type R1cs = {
  wires: number;
  /** Wires 1 to this one are the outputs. */
  outputs: number;
  /** Those that follow them are the inputs, the public ones first. */
  inputs: number;
  constraints: Constraint[];
};

const HEADER = 1;
const CONSTRAINTS = 2;
const FIELD_BYTES = 32;

/** Reads what the compiler writes: https://github.com/iden3/r1csfile/blob/master/doc/r1cs_bin_format.md */
export function readR1cs(file: Uint8Array): R1cs {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const sections = new Map<number, number>();
  for (let at = 12; at < file.length; at += 12 + Number(view.getBigUint64(at + 4, true)))
    sections.set(view.getUint32(at, true), at + 12);

  let at = (sections.get(HEADER) ?? Number.NaN) + 4 + FIELD_BYTES;
  const next = () => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  const [wires, outputs, publicInputs, privateInputs] = [next(), next(), next(), next()];
  at += 8;
  const count = next();

  at = sections.get(CONSTRAINTS) ?? Number.NaN;
  const combination = (): LinearCombination => {
    const terms = next();
    return new Map(
      Array.from({ length: terms }, () => {
        const wire = next();
        at += FIELD_BYTES;
        return [wire, readField(view, at - FIELD_BYTES)];
      }),
    );
  };
  const constraints = Array.from({ length: count }, () => ({
    a: combination(),
    b: combination(),
    c: combination(),
  }));
  return { wires, outputs, inputs: publicInputs + privateInputs, constraints };
}

/** The values of all wires in a witness file. */
export function readWitness(file: Uint8Array): bigint[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = Number(view.getBigUint64(16, true));
  const start = 24 + header + 12;
  return Array.from({ length: (file.length - start) / FIELD_BYTES }, (_, wire) =>
    readField(view, start + wire * FIELD_BYTES),
  );
}

/** Whether the witness satisfies the constraint. */
export function holds({ a, b, c }: Constraint, witness: readonly bigint[]): boolean {
  return (evaluate(a, witness) * evaluate(b, witness) - evaluate(c, witness)) % SCALAR_MODULUS === 0n;
}

function evaluate(combination: LinearCombination, witness: readonly bigint[]): bigint {
  let sum = 0n;
  for (const [wire, coefficient] of combination) sum += coefficient * (witness[wire] ?? 0n);
  return sum % SCALAR_MODULUS;
}

/** The wires that a constraint speaks of, without the constant one. */
export function wiresOf({ a, b, c }: Constraint): Set<number> {
  const wires = new Set([...a.keys(), ...b.keys(), ...c.keys()]);
  wires.delete(0);
  return wires;
}

function readField(view: DataView, at: number): bigint {
  let value = 0n;
  for (let word = FIELD_BYTES - 8; word >= 0; word -= 8)
    value = (value << 64n) | view.getBigUint64(at + word, true);
  return value;
}
