import type { Point } from '../babyjub/point.js';

/** An EdDSA-Poseidon signature: `signatureR8X`, `signatureR8Y` and `signatureS` on the wire. */
export type Signature = { r8: Point; s: bigint };
