import { bytesToHex } from '@noble/hashes/utils.js';

/** Of a `.zkey`: the section with the record of the ceremony, which the hash of the circuit stands at the front of. */
const CEREMONY_SECTION = 10;
const HEADER_BYTES = 12;
const SECTION_HEADER_BYTES = 12;
const SHOWN_BYTES = 16;

/**
 * The first 16 bytes of the circuit's hash as snarkjs shows it, `ce4b4dda a33748ab b942171b 617e3c39`: it covers the
 * constraints and phase 1, and no contribution changes it. Undefined when the bytes are no proving key.
 */
export function circuitHash(zkey: Uint8Array): string | undefined {
  const section = findSection(zkey, CEREMONY_SECTION);
  if (section === undefined || section.length < SHOWN_BYTES) return undefined;
  return bytesToHex(section.subarray(0, SHOWN_BYTES)).replace(/.{8}(?=.)/g, '$& ');
}

/** A `.zkey` is a magic word, a version, the number of sections, and each of these as type, length and content. */
function findSection(zkey: Uint8Array, wanted: number): Uint8Array | undefined {
  const view = new DataView(zkey.buffer, zkey.byteOffset, zkey.byteLength);
  const end = zkey.length - SECTION_HEADER_BYTES;
  for (let at = HEADER_BYTES; at <= end; ) {
    const length = Number(view.getBigUint64(at + 4, true));
    const content = zkey.subarray(at + SECTION_HEADER_BYTES, at + SECTION_HEADER_BYTES + length);
    if (content.length !== length) return undefined;
    if (view.getUint32(at, true) === wanted) return content;
    at += SECTION_HEADER_BYTES + length;
  }
  return undefined;
}
