import { bn254 } from '@noble/curves/bn254.js';
import type { VerificationKey } from './verification-key.js';

const { Fp, Fp2, Fp12, Fr } = bn254.fields;
const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;

/**
 * A second verifier that shares nothing with ours, for what arrived as JSON: numbers by their round trip, points and
 * pairings by noble-curves. Slow, and it tells a refusal from an invalid proof no more than its throws do.
 */
export function judge(key: VerificationKey, proof: unknown, publicSignals: unknown): boolean {
  try {
    return judged(key, json(proof), publicSignals);
  } catch {
    return false;
  }
}

function judged(key: VerificationKey, proof: Record<string, unknown>, publicSignals: unknown): boolean {
  const { pi_a, pi_b, pi_c, protocol, curve = 'bn128', ...others } = proof;
  demand(protocol === 'groth16' && curve === 'bn128' && Object.keys(others).length === 0);
  const signals = list(publicSignals, key.ic.length - 1).map((text) => number(text, Fr.ORDER));
  const a = pointOf1(pi_a);
  const c = pointOf1(pi_c);
  const b = pointOf2(pi_b);
  const [constant, ...ic] = key.ic.map((point) => G1.fromAffine(point));
  demand(constant !== undefined);
  const sum = ic.reduce(
    (all, point, i) => all.add(point.multiplyUnsafe(signals[i] ?? 0n)),
    constant ?? G1.ZERO,
  );
  const twist = ({ x, y }: VerificationKey['beta']) =>
    G2.fromAffine({ x: Fp2.fromBigTuple([...x]), y: Fp2.fromBigTuple([...y]) });
  const pairs = [
    { g1: a.negate(), g2: b },
    { g1: G1.fromAffine(key.alpha), g2: twist(key.beta) },
    { g1: sum, g2: twist(key.gamma) },
    { g1: c, g2: twist(key.delta) },
  ].filter(({ g1 }) => !g1.is0());
  return Fp12.eql(bn254.pairingBatch(pairs), Fp12.ONE);
}

function pointOf1(value: unknown) {
  const [x, y, z] = list(value, 3).map((text) => number(text, Fp.ORDER));
  demand(z === 1n);
  const point = G1.fromAffine({ x: x ?? 0n, y: y ?? 0n });
  point.assertValidity();
  return point;
}

function pointOf2(value: unknown) {
  const [x, y, z] = list(value, 3).map((part) => list(part, 2).map((text) => number(text, Fp.ORDER)));
  demand(z?.[0] === 1n && z[1] === 0n);
  const point = G2.fromAffine({ x: extension(x), y: extension(y) });
  point.assertValidity();
  demand(point.isTorsionFree());
  return point;
}

function extension([c0 = 0n, c1 = 0n]: bigint[] = []) {
  return Fp2.fromBigTuple([c0, c1]);
}

function number(text: unknown, modulus: bigint): bigint {
  demand(typeof text === 'string');
  const value = BigInt(String(text));
  const hex = String(text).startsWith('0x') && String(text).length <= 66;
  demand(value >= 0n && value < modulus && (hex || value.toString() === text));
  return value;
}

function list(value: unknown, length: number): unknown[] {
  demand(Array.isArray(value) && value.length === length);
  return Array.isArray(value) ? value : [];
}

function json(value: unknown): Record<string, unknown> {
  demand(typeof value === 'object' && value !== null && !Array.isArray(value));
  return { ...Object(value) };
}

function demand(condition: boolean): void {
  if (!condition) throw new RangeError('refused');
}
