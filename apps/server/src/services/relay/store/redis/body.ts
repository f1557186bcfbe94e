import { messageId } from '../message.js';
import type { NewMessage, StoredMessage } from '../store.js';

/*
 *   kind (1 byte: 't' or 'b') ‖ length of type (1 byte) ‖ type ‖ payload
 */
const TEXT = 0x74;
const BINARY = 0x62;

export function encodeBody({ kind, type, payload }: NewMessage): Buffer {
  const name = Buffer.from(type);
  const head = Buffer.from([kind === 'text' ? TEXT : BINARY, name.length]);
  return Buffer.concat([head, name, payload]);
}

/** The payload is a view of the reply, not a copy. */
export function decodeMessage(sequence: number, salt: string, body: Buffer): StoredMessage {
  const begin = 2 + body.readUInt8(1);
  return {
    sequence,
    id: messageId(sequence, salt),
    kind: body.readUInt8(0) === TEXT ? 'text' : 'binary',
    type: body.toString('utf8', 2, begin),
    payload: body.subarray(begin),
  };
}
