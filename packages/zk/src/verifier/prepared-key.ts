import {
  finalExp,
  type G1,
  type GT,
  mul,
  mulVec,
  neg,
  PrecomputedG2,
  precomputedMillerLoop,
  precomputedMillerLoop2,
} from 'mcl-wasm';
import type { G2Point } from '../proof/points.js';
import { toFr, toG1, toG2 } from './curve.js';
import type { VerificationKey } from './verification-key.js';

/**
 * A verification key with all that proofs share computed once. Groth16 asks that
 *
 *     e(A, B) = e(α, β) · e(IC₀ + Σ sᵢ·ICᵢ, γ) · e(C, δ)
 *
 * which is checked as one product of Miller loops, with β, γ and δ negated, whose final exponentiation is 1.
 */
export class PreparedKey {
  readonly #alpha: G1;
  readonly #ic: G1[];
  readonly #beta: PrecomputedG2;
  readonly #gamma: PrecomputedG2;
  readonly #delta: PrecomputedG2;
  /** The Miller loop of α and -β. */
  readonly #alphaBeta: GT;
  readonly signalCount: number;

  /** Throws a RangeError when a point is outside its group. */
  constructor(key: VerificationKey) {
    this.#alpha = inside(toG1(key.alpha), 'alpha');
    this.#ic = key.ic.map((point) => inside(toG1(point), 'IC'));
    const [beta, gamma, delta] = [
      negated(key.beta, 'beta'),
      negated(key.gamma, 'gamma'),
      negated(key.delta, 'delta'),
    ];
    this.#beta = new PrecomputedG2(beta);
    this.#gamma = new PrecomputedG2(gamma);
    this.#delta = new PrecomputedG2(delta);
    this.#alphaBeta = precomputedMillerLoop(this.#alpha, this.#beta);
    this.signalCount = key.ic.length - 1;
  }

  /** Whether the equation holds for one proof: `ab` is the Miller loop of its A and B. */
  holds(ab: GT, signals: readonly bigint[], c: G1): boolean {
    return this.#balance(mul(ab, this.#alphaBeta), [1n, ...signals], c).isOne();
  }

  /**
   * What a sum of equations with a weight each comes to, 1 where it holds: `ab` is the product of the Miller loops of weighted A and
   * B, `c` the weighted sum of C; `signals` are weighted sums, and before them stands the sum of the weights.
   */
  weightedBalance(ab: GT, signals: readonly [bigint, ...bigint[]], c: G1): GT {
    const alpha = mul(this.#alpha, toFr(signals[0]));
    return this.#balance(mul(ab, precomputedMillerLoop(alpha, this.#beta)), signals, c);
  }

  #balance(product: GT, scalars: readonly bigint[], c: G1): GT {
    const ic = mulVec(this.#ic, scalars.map(toFr));
    return finalExp(mul(product, precomputedMillerLoop2(ic, this.#gamma, c, this.#delta)));
  }

  /** Frees what no garbage collector sees. */
  destroy(): void {
    for (const point of [this.#beta, this.#gamma, this.#delta]) point.destroy();
  }
}

function negated(point: G2Point, name: string) {
  return neg(inside(toG2(point), name));
}

function inside<T>(point: T | undefined, name: string): T {
  if (point === undefined) throw new RangeError(`${name} is outside its group`);
  return point;
}
