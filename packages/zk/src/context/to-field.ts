import { bytesToNumberBE } from '@noble/curves/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { SCALAR_MODULUS } from '../field/modulus.js';
import { parseDecimal } from '../field/parse.js';

const utf8 = new TextEncoder();

/**
 * The field element a text stands for: a canonical decimal below r is itself, any other text (hex too) is the SHA-256
 * of its UTF-8 with the top eight bits cleared, big-endian. So a context that was converted already stays as it is.
 */
export function toField(text: string): bigint {
  return parseDecimal(text, SCALAR_MODULUS) ?? bytesToNumberBE(sha256(utf8.encode(text)).subarray(1));
}
