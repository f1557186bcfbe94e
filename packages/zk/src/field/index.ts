/**
 * BN254's fields. In code an element is a bigint from 0 below its modulus; on the wire it is its canonical decimal.
 *
 * @module
 */
export { BASE_MODULUS, SCALAR_MODULUS } from './modulus.js';
export { parseDecimal, parseNumber } from './parse.js';
export { randomScalar } from './uniform.js';
