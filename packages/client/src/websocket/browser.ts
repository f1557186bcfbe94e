import type { Ending, OpenSocket } from './socket.js';

/** What this file uses of the browser's own WebSocket. */
interface NativeSocket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(data: string | Uint8Array): void;
  close(code?: number): void;
}
declare const WebSocket: new (url: string) => NativeSocket;

/** Opens the browser's WebSocket. */
export const openSocket: OpenSocket = (url, listener) => {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  let ended = false;
  socket.onopen = () => listener.opened();
  socket.onmessage = ({ data }) => {
    if (ended) return;
    if (typeof data === 'string') listener.text(data);
    else if (data instanceof ArrayBuffer) listener.binary(new Uint8Array(data));
  };
  socket.onclose = ({ code, reason }) => end({ code, reason });

  return {
    send: (data) => socket.send(data),
    close: () => socket.close(1000),
    terminate() {
      // A browser cannot cut a socket; it is told to close and no longer listened to.
      socket.close();
      queueMicrotask(() => end({ code: 1006, reason: '' }));
    },
  };

  function end(ending: Ending): void {
    if (ended) return;
    ended = true;
    listener.closed(ending);
  }
};
