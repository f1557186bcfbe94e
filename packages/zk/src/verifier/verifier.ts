import { div, type GT, millerLoop } from 'mcl-wasm';
import type { Proof } from '../proof/proof.js';
import { bisect, type Measure } from './bisect.js';
import { openCurve } from './curve.js';
import { operandsOf } from './operands.js';
import { PreparedKey } from './prepared-key.js';
import type { VerificationKey } from './verification-key.js';
import { balanceOf, type Weighted, weigh } from './weighted.js';

/** Proofs that one call may verify together. */
export const MAX_BATCH = 100;

/** Verifies the proofs of one circuit; keeps nothing from one call to the next but the prepared key. */
export class Verifier {
  #prepared: PreparedKey | undefined;

  private constructor(key: PreparedKey) {
    this.#prepared = key;
  }

  /** Rejects with a RangeError when a point of the key is outside its group. */
  static async open(key: VerificationKey): Promise<Verifier> {
    await openCurve();
    return new Verifier(new PreparedKey(key));
  }

  /** Whether the proof holds. False for whatever is out of range or outside its group, of which nothing throws. */
  verify(proof: Proof): boolean {
    const key = this.#key;
    const operands = operandsOf(proof, key.signalCount);
    if (operands === undefined) return false;
    const { a, b, c, signals } = operands;
    return key.holds(millerLoop(a, b), signals, c);
  }

  /**
   * Whether each of up to `MAX_BATCH` proofs holds, in their order: by one random linear combination of their
   * equations, and by bisection where that fails. A bad proof makes a batch dearer, if never much dearer than its
   * proofs one by one, and changes no other's verdict.
   * Throws a RangeError for more proofs.
   */
  verifyBatch(proofs: readonly Proof[]): boolean[] {
    if (proofs.length > MAX_BATCH) throw new RangeError(`more than ${MAX_BATCH} proofs`);
    const key = this.#key;
    const weighted = proofs.map((proof) => {
      const operands = operandsOf(proof, key.signalCount);
      return operands && weigh(operands);
    });
    const failing = new Set(
      bisect(
        weighted.filter((each) => each !== undefined),
        balanceBy(key),
      ),
    );
    return weighted.map((each) => each !== undefined && !failing.has(each));
  }

  /** Frees the prepared key; to verify anything afterwards throws. */
  close(): void {
    this.#prepared?.destroy();
    this.#prepared = undefined;
  }

  get #key(): PreparedKey {
    // What was freed is somebody else's memory now.
    if (this.#prepared === undefined) throw new Error('the verifier is closed');
    return this.#prepared;
  }
}

/** Sums of equations: what they come to multiplies as they add. */
function balanceBy(key: PreparedKey): Measure<Weighted, GT> {
  return {
    of: (group) => balanceOf(key, group),
    rest: (whole, part) => div(whole, part),
    holds: (balance) => balance.isOne(),
  };
}
