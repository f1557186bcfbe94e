import { FORMAT } from '../codec/format.js';
import { Reader } from '../codec/reader.js';
import { type PreKeyHeader, readPreKeyHeader } from '../handshake/header.js';
import { MAX_MESSAGE } from '../limits.js';
import { readHeader } from '../ratchet/header.js';
import type { Sealed } from '../ratchet/ratchet.js';

/** A message taken apart; `preKey` is there until the side that begins has had an answer. */
export interface ParsedMessage extends Sealed {
  readonly preKey: PreKeyHeader | null;
}

/** @throws SessionError `bad_message` */
export function parseMessage(message: Uint8Array): ParsedMessage {
  const reader = new Reader(message, 'bad_message', MAX_MESSAGE);
  const preKey = readBeginning(reader);
  const prefix = message.subarray(0, reader.at);
  return { preKey, prefix, header: readHeader(reader), ciphertext: reader.rest() };
}

function readBeginning(reader: Reader): PreKeyHeader | null {
  switch (reader.format()) {
    case FORMAT.message:
      return null;
    case FORMAT.preKeyMessage:
      return readPreKeyHeader(reader, true);
    case FORMAT.classicPreKeyMessage:
      return readPreKeyHeader(reader, false);
    default:
      throw reader.fault();
  }
}
