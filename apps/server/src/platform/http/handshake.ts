import type { IncomingMessage } from 'node:http';

/** Sixteen bytes in Base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

/**
 * What keeps an upgrade from being an opening handshake of WebSocket (RFC 6455 § 4.2.1): the header at fault,
 * or `method`; null when nothing does.
 */
export function handshakeFault({ method, headers }: IncomingMessage): string | null {
  if (method !== 'GET') return 'method';
  if (headers.upgrade?.toLowerCase() !== 'websocket') return 'upgrade';
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) return 'sec-websocket-key';
  if (headers['sec-websocket-version'] !== '13') return 'sec-websocket-version';
  return null;
}
