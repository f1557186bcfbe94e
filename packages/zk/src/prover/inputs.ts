import { SCALAR_MODULUS } from '../field/modulus.js';
import { parseDecimal } from '../field/parse.js';
import { ProverError } from './error.js';

/** A field element: below the modulus; text is its canonical decimal. */
export type InputValue = bigint | number | string;

/** The inputs of any circuit by the names of its signals. */
export type CircuitInputs = Readonly<Record<string, InputValue | readonly InputValue[]>>;

/** The inputs of the circuit of entity types, which SIGNALS.md explains. All but three are secret. */
export type EntityProofInputs = {
  /** Public: the number of the type. */
  claimedType: InputValue;
  /** Public: the root of the registry. */
  attestersRoot: InputValue;
  /** Public. */
  contextId: InputValue;
  secret: InputValue;
  salt: InputValue;
  attesterPubKeyX: InputValue;
  attesterPubKeyY: InputValue;
  /** The types the attester may attest, as its leaf has them. */
  typeMask: InputValue;
  signatureR8X: InputValue;
  signatureR8Y: InputValue;
  signatureS: InputValue;
  /** The 20 siblings on the way from the attester's leaf to the root, lowest first. */
  pathElements: readonly InputValue[];
  /** 1 where our node is the right child. */
  pathIndices: readonly InputValue[];
};

/** More than any input of the circuit has; what comes from a server is not copied without end. */
const MAX_ELEMENTS = 1024;

/**
 * Inputs as canonical decimals. The witness program would reduce larger numbers, and prove another statement than the
 * one that was asked for. Throws a {@link ProverError} that names the first input that is no field element.
 */
export function readInputs(inputs: CircuitInputs): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      if (typeof value !== 'object') return [name, decimal(name, value)];
      if (!Array.isArray(value) || value.length > MAX_ELEMENTS) throw refuse(name);
      return [name, value.map((element, index) => decimal(`${name}[${index}]`, element))];
    }),
  );
}

function decimal(name: string, value: unknown): string {
  const written = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
  const text = typeof written === 'bigint' ? written.toString() : written;
  const parsed = parseDecimal(text, SCALAR_MODULUS);
  if (parsed === undefined) throw refuse(name);
  return parsed.toString();
}

function refuse(name: string): ProverError {
  return new ProverError('invalid_inputs', `${name} is no field element`, name);
}
