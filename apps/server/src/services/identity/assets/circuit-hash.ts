/** `zkey`, a version and the number of sections: each four bytes. */
const HEADER_BYTES = 12;
/** Type in four bytes, size in eight. */
const SECTION_HEADER_BYTES = 12;
/** The section of contributions, which begins with the hash of the constraints. */
const CONTRIBUTIONS = 10;
const SHOWN_BYTES = 16;

/**
 * The hash of the constraints that a proving key is for, as the first line of what snarkjs prints: four groups of
 * eight digits.
 * @throws when these are no bytes of a proving key
 */
export function circuitHash(zkey: Buffer): string {
  if (zkey.toString('latin1', 0, 4) !== 'zkey') throw new Error('this is no proving key');
  for (let at = HEADER_BYTES; at < zkey.length; ) {
    const type = zkey.readUInt32LE(at);
    const size = Number(zkey.readBigUInt64LE(at + 4));
    const begin = at + SECTION_HEADER_BYTES;
    if (type === CONTRIBUTIONS) {
      const digits = zkey.toString('hex', begin, begin + SHOWN_BYTES);
      return digits.match(/.{8}/g)?.join(' ') ?? digits;
    }
    at = begin + size;
  }
  throw new Error('this proving key names no circuit');
}
