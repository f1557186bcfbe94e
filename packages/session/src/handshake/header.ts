import { FORMAT } from '../codec/format.js';
import type { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import { KEM_CIPHERTEXT } from '../primitives/kem.js';
import { KEY_LENGTH } from '../primitives/x25519.js';

/** What the side that begins tells the other, so that it comes to the same secret (PQXDH, 3.3; X3DH, 3.3). */
export interface PreKeyHeader {
  /** Of who begins; Ed25519. */
  readonly identityKey: Uint8Array;
  /** Names the beginning: no two have the same. */
  readonly ephemeral: Uint8Array;
  readonly signedPreKeyId: number;
  /** Null in X3DH. */
  readonly pq: { readonly id: number; readonly ciphertext: Uint8Array } | null;
  readonly oneTimeId: number | null;
}

/** With version and format, as it stands before the ratchet's header. */
export function encodePreKeyHeader(header: PreKeyHeader): Uint8Array {
  const { identityKey, ephemeral, signedPreKeyId, pq, oneTimeId } = header;
  const writer = Writer.of(pq === null ? FORMAT.classicPreKeyMessage : FORMAT.preKeyMessage)
    .fixed(identityKey)
    .fixed(ephemeral)
    .u32(signedPreKeyId);
  if (pq !== null) writer.u32(pq.id).fixed(pq.ciphertext);
  return writer.optional(oneTimeId, (to, id) => to.u32(id)).bytes();
}

/** Reads on after the format, which says whether there is a KEM ciphertext. */
export function readPreKeyHeader(reader: Reader, withPq: boolean): PreKeyHeader {
  return {
    identityKey: reader.fixed(KEY_LENGTH),
    ephemeral: reader.fixed(KEY_LENGTH),
    signedPreKeyId: reader.u32(),
    pq: withPq ? { id: reader.u32(), ciphertext: reader.fixed(KEM_CIPHERTEXT) } : null,
    oneTimeId: reader.optional((from) => from.u32()),
  };
}
