import { BINARY_HEADER_LENGTH, FRAME_SIZE, type FrameOut } from '@blindpost/protocol/relay';
import { fillWhite, paddedLength, padJson } from '../../../platform/padding.js';
import type { StoredMessage } from '../store/store.js';

/** A payload ready to leave: its length is a whole number of frame sizes. */
export type OutFrame = { data: Buffer; binary: boolean };

/** @param atLeast the frame is as large as this many bytes, rounded up (a `dummy_ack` mirrors its request) */
export function encodeFrame(frame: FrameOut, atLeast = 0): OutFrame {
  const text = JSON.stringify(frame);
  if (Buffer.byteLength(text) >= atLeast) return encodeJson(text);
  const data = Buffer.allocUnsafe(paddedLength(atLeast, FRAME_SIZE));
  fillWhite(data, data.write(text));
  return { data, binary: false };
}

/** Text that is JSON already. */
export function encodeJson(text: string): OutFrame {
  return { data: padJson(text, FRAME_SIZE), binary: false };
}

/**
 * A queued text message. The stored payload is the tail of the frame, `"payload":…`, so that what the
 * sender wrote is copied, never parsed again.
 */
export function encodeText(message: StoredMessage, queued: boolean): OutFrame {
  const { id, type, payload } = message;
  const label = queued && type !== 'msg' ? `,"msg_type":"${type}"` : '';
  const head = `{"type":"${queued ? 'queued_message' : type}","id":"${id}"${label},`;
  const length = head.length + payload.length + 1;
  const data = Buffer.allocUnsafe(paddedLength(length, FRAME_SIZE));
  data.write(head, 0, 'latin1');
  data.set(payload, head.length);
  data[length - 1] = 0x7d;
  fillWhite(data, length);
  return { data, binary: false };
}

/** A binary message: id, length (big endian), payload, zeros. `bare` leaves out id and length, as the original. */
export function encodeBinary(message: StoredMessage, bare: boolean): OutFrame {
  const { id, payload } = message;
  const header = bare ? 0 : BINARY_HEADER_LENGTH;
  const data = Buffer.alloc(paddedLength(header + payload.length, FRAME_SIZE));
  if (!bare) {
    data.write(id, 0, 'hex');
    data.writeUInt32BE(payload.length, BINARY_HEADER_LENGTH - 4);
  }
  data.set(payload, header);
  return { data, binary: true };
}
