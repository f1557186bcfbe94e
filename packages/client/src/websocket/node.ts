import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Ending, OpenSocket } from './socket.js';

/** The largest frame taken: a JSON body may grow when the relay writes it anew, but not without bound. */
const MAX_PAYLOAD = 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const BRACE = 0x7d;

/** Opens a WebSocket by `ws`. Compression is off: it would undo the padding. */
export const openSocket: OpenSocket = (url, listener) => {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
  const refusal: Pick<Ending, 'status' | 'retryAfter'> = {};
  let stream: Duplex | undefined;
  let corked = false;

  socket.on('upgrade', (response) => {
    stream = response.socket;
  });
  socket.on('unexpected-response', (_request, response) => {
    refusal.status = response.statusCode ?? 0;
    const seconds = Number(response.headers['retry-after']);
    if (seconds >= 0) refusal.retryAfter = seconds;
    socket.terminate();
  });
  socket.on('open', () => listener.opened());
  socket.on('message', (data, isBinary) => {
    // `binaryType` is left at "nodebuffer": one Buffer per message.
    if (!Buffer.isBuffer(data)) return;
    if (isBinary) listener.binary(data);
    // Every text of the relay is an object; the padding after it is not worth decoding.
    else listener.text(data.toString('utf8', 0, data.lastIndexOf(BRACE) + 1));
  });
  socket.on('close', (code, reason) => listener.closed({ code, reason: reason.toString(), ...refusal }));
  // The close that follows tells all there is to know; without a listener Node would throw.
  socket.on('error', () => {});

  return {
    send(data) {
      // Everything sent in one turn of the event loop leaves in one system call.
      if (stream !== undefined && !corked) {
        corked = true;
        stream.cork();
        setImmediate(uncork);
      }
      socket.send(data);
    },
    close: () => socket.close(1000),
    terminate: () => socket.terminate(),
  };

  function uncork(): void {
    corked = false;
    stream?.uncork();
  }
};
