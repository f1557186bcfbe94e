import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { blake512 } from '@noble/hashes/blake1.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { Curve, SUBGROUP_ORDER } from '../babyjub/point.js';
import { SCALAR_MODULUS } from '../field/modulus.js';
import { challengeOf } from './challenge.js';
import type { SigningKey } from './key.js';
import type { Signature } from './signature.js';

/**
 * Signs one field element by EdDSA-Poseidon, as circomlib's EdDSAPoseidonVerifier checks it and as circomlibjs signs:
 * S = r + h·8·scalar. Throws a RangeError when the message is no element of the scalar field.
 */
export function sign(key: SigningKey, message: bigint): Signature {
  if (message < 0n || message >= SCALAR_MODULUS) throw new RangeError('a message is below the field modulus');
  const digest = blake512(concatBytes(key.nonceKey, numberToBytesLE(message, 32)));
  const r = bytesToNumberLE(digest) % SUBGROUP_ORDER;
  const r8 = Curve.BASE.multiply(r).toAffine();
  const h = challengeOf(r8, key.publicKey, message);
  return { r8, s: (r + h * 8n * key.scalar) % SUBGROUP_ORDER };
}
