import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ERRORS, errorBody, type Refusal } from '@blindpost/protocol/errors';
import { padJson } from '../padding.js';
import { refusalHeaders } from './reply.js';

/** A peer that neither takes the answer nor closes is dropped after so long. */
const LINGER_MS = 2_000;

/**
 * Answers a refusal on a connection that HTTP no longer looks after, and closes it. Staged as RFC 9112 § 9.6
 * asks: a close over unread bytes would be a reset, and the peer might never read why.
 * @param frameSize pads the body to multiples of this; null = no padding
 */
export function sendRawRefusal(socket: Duplex, refusal: Refusal, frameSize: number | null): void {
  // Answered already: what comes after is unreadable too.
  if (!socket.writable) return;
  // Nobody else listens any more, and an unheard error would end the process.
  socket.on('error', () => {});
  // One unread byte would hide the peer's end, and its half of the connection would stay for ever.
  socket.resume();
  socket.end(rawRefusal(refusal, frameSize));
  const guard = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(guard));
}

function rawRefusal(refusal: Refusal, frameSize: number | null): Buffer {
  const text = JSON.stringify(errorBody(refusal));
  const body = frameSize === null ? Buffer.from(text) : padJson(text, frameSize);
  const { status } = ERRORS[refusal.code];
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...Object.entries(refusalHeaders(refusal)).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
