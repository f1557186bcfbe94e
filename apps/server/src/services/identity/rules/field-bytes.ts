/** A number of the field as it is kept: 32 bytes, big-endian, so that one number has one key. */
export function fieldBytes(value: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));
}

/** The number of such bytes. */
export function fieldNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

/** Such bytes as they stand on the wire. */
export function fieldText(bytes: Uint8Array): string {
  return fieldNumber(bytes).toString();
}
