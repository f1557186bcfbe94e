import type { G1Point, G2Point } from '../proof/points.js';
import { readG1, readG2 } from '../proof/read-points.js';
import { fault, membersOf, type Reading } from '../proof/reading.js';

/** A circuit's Groth16 verification key, points on the curve. */
export type VerificationKey = {
  alpha: G1Point;
  beta: G2Point;
  gamma: G2Point;
  delta: G2Point;
  /** One point for the constant and one for each public signal. */
  ic: G1Point[];
};

/** Far more than any circuit of ours has. */
const MAX_SIGNALS = 64;

/** Reads a `verification_key.json` of snarkjs; `vk_alphabeta_12`, which follows from the rest, is computed anew. */
export function readVerificationKey(json: unknown): Reading<VerificationKey> {
  const members = membersOf(json);
  if (members === undefined) return fault('verificationKey', 'must be an object');
  if (members.get('protocol') !== 'groth16') return fault('protocol', 'must be groth16');
  if (members.get('curve') !== 'bn128') return fault('curve', 'must be bn128');
  const alpha = readG1(members.get('vk_alpha_1'), 'vk_alpha_1');
  if (!alpha.ok) return alpha;
  const beta = readG2(members.get('vk_beta_2'), 'vk_beta_2');
  if (!beta.ok) return beta;
  const gamma = readG2(members.get('vk_gamma_2'), 'vk_gamma_2');
  if (!gamma.ok) return gamma;
  const delta = readG2(members.get('vk_delta_2'), 'vk_delta_2');
  if (!delta.ok) return delta;
  const list = members.get('IC');
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_SIGNALS + 1) {
    return fault('IC', `must be an array of 1 to ${MAX_SIGNALS + 1} points`);
  }
  if (members.get('nPublic') !== list.length - 1)
    return fault('nPublic', 'must be one less than the points of IC');
  const ic: G1Point[] = [];
  for (const [i, value] of list.entries()) {
    const point = readG1(value, `IC.${i}`);
    if (!point.ok) return point;
    ic.push(point.value);
  }
  return {
    ok: true,
    value: { alpha: alpha.value, beta: beta.value, gamma: gamma.value, delta: delta.value, ic },
  };
}
