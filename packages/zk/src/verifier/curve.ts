import { BN_SNARK1, Fr, G1, G2, init, verifyOrderG2 } from 'mcl-wasm';
import { type G1Point, type G2Point, isOnCurve, isOnTwist } from '../proof/points.js';

let opened: Promise<void> | undefined;

/** Makes BN254 ready in this thread; each thread has an instance of its own. Rejects when there is no memory for it. */
export function openCurve(): Promise<void> {
  opened ??= init(BN_SNARK1).then(() => {
    // Reading a point would throw for one outside the group; `toG2` asks instead.
    verifyOrderG2(false);
  });
  return opened;
}

/** The point in the form that pairings take, or undefined when it is not on the curve. */
export function toG1(point: G1Point): G1 | undefined {
  if (!isOnCurve(point)) return undefined;
  const converted = new G1();
  converted.setStr(`1 ${hex(point.x)} ${hex(point.y)}`, 16);
  return converted;
}

/**
 * The same of the second group: on the twist and of order r. Outside the group a pairing is not bilinear, and what
 * an equation of such pairings says about a proof nobody has shown.
 */
export function toG2({ x, y }: G2Point): G2 | undefined {
  if (!isOnTwist({ x, y })) return undefined;
  const converted = new G2();
  converted.setStr(`1 ${hex(x[0])} ${hex(x[1])} ${hex(y[0])} ${hex(y[1])}`, 16);
  return converted.isValidOrder() ? converted : undefined;
}

/** A scalar below the modulus. */
export function toFr(scalar: bigint): Fr {
  const converted = new Fr();
  converted.setStr(hex(scalar), 16);
  return converted;
}

function hex(value: bigint): string {
  return value.toString(16);
}
