import { BINARY_HEADER_LENGTH } from '@blindpost/protocol/relay';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { JsonRecord } from '../json/record.js';

/** A message for this identity. Nothing says who sent it. */
export interface Message {
  /** Made by the relay, 32 hex digits; the same whenever this message comes again. */
  readonly id: string;
  /** `msg`, `sealed_message` for a multicast, `binary`, or the sender's own label: a hint, not a proof. */
  readonly type: string;
  /** What the sender gave, any JSON; a `Uint8Array` exactly when the message was sent as binary. */
  readonly body: unknown;
  /** Never stored by the relay and not acknowledged. */
  readonly volatile: boolean;
  /** Only from servers that run with RELAY_COMPAT_SENDER. */
  readonly sender?: string;
}

const MESSAGE_ID = /^[0-9a-f]{32}$/;

/** Reads a text message; undefined when the frame is none. */
export function textMessage(frame: JsonRecord): Message | undefined {
  const { id, type, payload, msg_type, sender } = frame;
  if (typeof id !== 'string' || !MESSAGE_ID.test(id) || typeof type !== 'string') return undefined;
  return {
    id,
    type: type === 'queued_message' ? (typeof msg_type === 'string' ? msg_type : 'msg') : type,
    body: payload,
    volatile: frame.volatile === true,
    ...(typeof sender === 'string' ? { sender } : {}),
  };
}

/** Reads id (16 bytes) ‖ length (uint32 BE) ‖ payload ‖ zeros; undefined when the bytes are too few. */
export function binaryMessage(frame: Uint8Array): Message | undefined {
  if (frame.length < BINARY_HEADER_LENGTH) return undefined;
  const length = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(16);
  const end = BINARY_HEADER_LENGTH + length;
  if (end > frame.length) return undefined;
  // A copy: the frame may share its memory with others that are still being read.
  return {
    id: bytesToHex(frame.subarray(0, 16)),
    type: 'binary',
    body: new Uint8Array(frame.subarray(BINARY_HEADER_LENGTH, end)),
    volatile: false,
  };
}
