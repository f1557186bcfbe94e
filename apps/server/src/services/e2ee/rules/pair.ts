/** Two accounts in the order of their ids, whoever of them asks. */
export function orderedPair(one: Uint8Array, other: Uint8Array): { a: Uint8Array; b: Uint8Array } {
  return Buffer.compare(one, other) <= 0 ? { a: one, b: other } : { a: other, b: one };
}
