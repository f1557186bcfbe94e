import { bn254 } from '@noble/curves/bn254.js';
import { randomScalar, SCALAR_MODULUS } from '../field/index.js';
import type { G1Point, G2Point } from '../proof/points.js';
import type { Proof } from '../proof/proof.js';
import type { VerificationKey } from './verification-key.js';

const { Fp, Fp2, Fr } = bn254.fields;
const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;
type G1 = InstanceType<typeof G1>;
type G2 = InstanceType<typeof G2>;

/** The number of points of the twist outside the group for each inside. */
const COFACTOR = 2n * Fp.ORDER - Fr.ORDER;
/** A prime factor of it. */
const SMALL_ORDER = 10069n;

/**
 * A setup whose secrets were kept: whoever knows them makes valid proofs of any signals, without a circuit. Tests of a
 * verifier, which sees no circuit, need no more.
 */
export class Trapdoor {
  readonly key: VerificationKey;
  readonly #alpha = randomScalar();
  readonly #beta = randomScalar();
  readonly #gamma = randomScalar();
  readonly #delta = randomScalar();
  readonly #ic: bigint[];

  /** One scalar for the constant and one for each signal, whose multiples of the base point make up IC. */
  constructor(ic: bigint[]) {
    this.#ic = ic;
    this.key = {
      alpha: g1Of(G1.BASE.multiply(this.#alpha)),
      beta: g2Of(G2.BASE.multiply(this.#beta)),
      gamma: g2Of(G2.BASE.multiply(this.#gamma)),
      delta: g2Of(G2.BASE.multiply(this.#delta)),
      ic: ic.map((scalar) => g1Of(G1.BASE.multiply(scalar))),
    };
  }

  prove(signals: bigint[]): Proof {
    const [constant = 0n, ...ic] = this.#ic;
    const sum = ic.reduce((all, scalar, i) => Fr.create(all + scalar * (signals[i] ?? 0n)), constant);
    const [a, b] = [randomScalar(), randomScalar()];
    const c = Fr.div(Fr.create(a * b - this.#alpha * this.#beta - sum * this.#gamma), this.#delta);
    return {
      a: g1Of(G1.BASE.multiply(a)),
      b: g2Of(G2.BASE.multiply(b)),
      c: g1Of(G1.BASE.multiply(c)),
      signals,
    };
  }
}

/** Another proof of the same, as anybody can make it who has one: A/z, z·B + z·w·δ, C + w·A. */
export function rerandomised(proof: Proof, { delta }: VerificationKey): Proof {
  const [z, w] = [randomScalar(), randomScalar()];
  const a = g1(proof.a);
  return {
    a: g1Of(a.multiply(Fr.inv(z))),
    b: g2Of(
      g2(proof.b)
        .multiply(z)
        .add(g2(delta).multiply(Fr.create(z * w))),
    ),
    c: g1Of(g1(proof.c).add(a.multiply(w))),
    signals: proof.signals,
  };
}

export function negatedG1({ x, y }: G1Point): G1Point {
  return { x, y: Fp.neg(y) };
}

export function negatedG2({ x, y: [c0, c1] }: G2Point): G2Point {
  return { x, y: [Fp.neg(c0), Fp.neg(c1)] };
}

export function sumG1(one: G1Point, other: G1Point): G1Point {
  return g1Of(g1(one).add(g1(other)));
}

export function sumG2(one: G2Point, other: G2Point): G2Point {
  return g2Of(g2(one).add(g2(other)));
}

/** A random point of the first group. */
export function randomG1(): G1Point {
  return g1Of(G1.BASE.multiply(randomScalar()));
}

/** A point of the twist outside the group. */
export function twistPoint(): G2Point {
  for (;;) {
    const x = Fp2.fromBigTuple([randomScalar(), randomScalar()]);
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.CURVE().b);
    try {
      return g2Of(G2.fromAffine({ x, y: Fp2.sqrt(square) }));
    } catch {
      // Every other number has no root.
    }
  }
}

/** A point of the twist of order `SMALL_ORDER`. */
export function smallTwistPoint(): G2Point {
  const outside = g2(twistPoint());
  const point = times(times(outside, COFACTOR / SMALL_ORDER), SCALAR_MODULUS);
  return point.is0() ? smallTwistPoint() : g2Of(point);
}

/** By doubling and adding, because the library multiplies by less than the group's order only. */
function times(point: G2, scalar: bigint): G2 {
  let sum = G2.ZERO;
  for (const bit of scalar.toString(2)) {
    sum = sum.double();
    if (bit === '1') sum = sum.add(point);
  }
  return sum;
}

function g1(point: G1Point): G1 {
  return G1.fromAffine(point);
}

function g2({ x, y }: G2Point): G2 {
  return G2.fromAffine({ x: Fp2.fromBigTuple([...x]), y: Fp2.fromBigTuple([...y]) });
}

function g1Of(point: G1): G1Point {
  const { x, y } = point.toAffine();
  return { x, y };
}

function g2Of(point: G2): G2Point {
  const { x, y } = point.toAffine();
  return { x: [x.c0, x.c1], y: [y.c0, y.c1] };
}

/** A key as snarkjs writes it. */
export function keyJson({ alpha, beta, gamma, delta, ic }: VerificationKey) {
  const g1Json = ({ x, y }: G1Point) => [`${x}`, `${y}`, '1'];
  const g2Json = ({ x, y }: G2Point) => [x.map(String), y.map(String), ['1', '0']];
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: ic.length - 1,
    vk_alpha_1: g1Json(alpha),
    vk_beta_2: g2Json(beta),
    vk_gamma_2: g2Json(gamma),
    vk_delta_2: g2Json(delta),
    IC: ic.map(g1Json),
  };
}
