import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { parseNumber, SCALAR_MODULUS } from '@blindpost/zk/field';
import type { Signature } from '@blindpost/zk/signature';

/** A signature as it stands on the wire. */
export type Members = { signatureR8X: string; signatureR8Y: string; signatureS: string };

/** @param prefix of the members' names where they stand below another */
export function readSignature(members: Members, prefix = ''): { ok: true; signature: Signature } | Refusal {
  const numbers: Record<keyof Members, bigint> = { signatureR8X: 0n, signatureR8Y: 0n, signatureS: 0n };
  for (const name of ['signatureR8X', 'signatureR8Y', 'signatureS'] as const) {
    const number = parseNumber(members[name], SCALAR_MODULUS);
    const field = `${prefix}${name}`;
    if (number === undefined) {
      return refuse('invalid_request', { field }, `${field} must be a number of the field`);
    }
    numbers[name] = number;
  }
  const { signatureR8X: x, signatureR8Y: y, signatureS: s } = numbers;
  return { ok: true, signature: { r8: { x, y }, s } };
}

export function writeSignature({ r8, s }: Signature): Members {
  return { signatureR8X: `${r8.x}`, signatureR8Y: `${r8.y}`, signatureS: `${s}` };
}
