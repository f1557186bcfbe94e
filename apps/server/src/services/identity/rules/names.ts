import { createHmac } from 'node:crypto';
import { deriveKey } from '../../../platform/secrets/keys.js';

/** Who asks: an address, or an attester by the place of its leaf. */
export type Caller = { address: string; attester: number | null };

/** Names under which limits and store know callers. Keyed: addresses can be guessed. */
export class Names {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = deriveKey(secret, 'identity names');
  }

  /** Of an attester, for limits. */
  attester(place: number): string {
    return this.#digest(`attester ${place}`).toString('hex');
  }

  /**
   * That this caller had this nullifier verified. One digest of both: the store does not tell who was verified, nor
   * by whom.
   * @param nullifier see `nullifierKey`, without a domain
   */
  permit({ address, attester }: Caller, nullifier: Uint8Array): Uint8Array {
    const who = attester === null ? `address ${address}` : `attester ${attester}`;
    return Uint8Array.from(this.#digest(`permit ${who}`, nullifier));
  }

  // No kind and name holds a zero: no two pairs of parts read the same.
  #digest(text: string, bytes: Uint8Array = new Uint8Array()): Buffer {
    return createHmac('sha256', this.#key).update(`${text}\0`).update(bytes).digest();
  }
}
