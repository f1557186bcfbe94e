/** No sign, no space, no leading zero; 78 digits hold 2^256. */
const DECIMAL = /^(?:0|[1-9][0-9]{0,77})$/;
/** Padding is usual in hex, and there is no other spelling to confuse it with once it has been read. */
const HEX = /^0x[0-9a-fA-F]{1,64}$/;

/**
 * The number that `text` is the one canonical decimal of, below `modulus`; else undefined. Circuits cannot tell x from
 * x + r: whoever keys a row on a number in another spelling, or unreduced, lets one nullifier be spent many times.
 */
export function parseDecimal(text: unknown, modulus: bigint): bigint | undefined {
  return typeof text === 'string' && DECIMAL.test(text) ? below(BigInt(text), modulus) : undefined;
}

/** As `parseDecimal`, and `0x` with 1 to 64 hex digits as well: write the answer, never the text that came. */
export function parseNumber(text: unknown, modulus: bigint): bigint | undefined {
  if (typeof text === 'string' && HEX.test(text)) return below(BigInt(text), modulus);
  return parseDecimal(text, modulus);
}

function below(value: bigint, modulus: bigint): bigint | undefined {
  return value < modulus ? value : undefined;
}
