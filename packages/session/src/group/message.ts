import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { FORMAT } from '../codec/format.js';
import { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import { MAX_MESSAGE } from '../limits.js';
import { SIGNATURE_LENGTH } from '../primitives/ed25519.js';

const LABEL = utf8ToBytes('Blindpost group message v1');

/** A group message taken apart. */
export interface GroupMessage {
  readonly keyId: number;
  readonly n: number;
  readonly ciphertext: Uint8Array;
  /** Everything before the signature. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

export function groupHead(keyId: number, n: number): Uint8Array {
  return Writer.of(FORMAT.groupMessage).u32(keyId).u32(n).bytes();
}

/** What is bound to the ciphertext: the group, which the message itself does not name, and the head. */
export function groupAssociated(groupId: Uint8Array, head: Uint8Array): Uint8Array {
  return new Writer().fixed(LABEL).sized(groupId).fixed(head).bytes();
}

/** What the sender signs: the same, and the ciphertext. */
export function groupSigned(groupId: Uint8Array, body: Uint8Array): Uint8Array {
  return concatBytes(groupAssociated(groupId, new Uint8Array()), body);
}

/** @throws SessionError `bad_message` */
export function parseGroupMessage(message: Uint8Array): GroupMessage {
  const reader = Reader.of(FORMAT.groupMessage, message, 'bad_message', MAX_MESSAGE);
  const keyId = reader.u32();
  const n = reader.u32();
  const length = message.length - reader.at - SIGNATURE_LENGTH;
  if (length < 0) throw reader.fault();
  const ciphertext = reader.fixed(length);
  const signed = message.subarray(0, reader.at);
  return { keyId, n, ciphertext, signed, signature: reader.fixed(SIGNATURE_LENGTH) };
}
