import { bytesToNumberBE } from '@noble/curves/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { SCALAR_MODULUS } from '../field/modulus.js';
import { parseDecimal } from '../field/parse.js';

const utf8 = new TextEncoder();
/** A surrogate without its other half. */
const HALVED = /\p{Cs}/u;

/**
 * The field element a text stands for: a canonical decimal below r is itself, any other text (hex too) is the SHA-256
 * of its UTF-8 with the top eight bits cleared, big-endian. So a context that was converted already stays as it is.
 * @throws RangeError when the text is not well-formed Unicode: UTF-8 would make one context of all its like
 */
export function toField(text: string): bigint {
  if (HALVED.test(text)) throw new RangeError('contextId must be well-formed Unicode');
  return parseDecimal(text, SCALAR_MODULUS) ?? bytesToNumberBE(sha256(utf8.encode(text)).subarray(1));
}
