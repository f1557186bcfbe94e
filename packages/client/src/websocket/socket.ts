/** The little of a WebSocket that the SDK needs, the same in Node and browsers. */
export interface Socket {
  /** Text goes out as a text frame, bytes as a binary one. */
  send(data: string | Uint8Array): void;
  /** Starts the closing handshake; `closed` follows. */
  close(): void;
  /** Ends at once, without a handshake; `closed` follows. */
  terminate(): void;
}

/** Events of one socket. `closed` comes exactly once and last, also when the socket never opened. */
export interface SocketListener {
  opened(): void;
  text(data: string): void;
  binary(bytes: Uint8Array): void;
  closed(ending: Ending): void;
}

/** Why a socket is gone. */
export interface Ending {
  /** Close code of RFC 6455; 1006 when there was no closing handshake. */
  code: number;
  reason: string;
  /** HTTP status when the server refused the upgrade; a browser does not tell. */
  status?: number;
  /** `Retry-After` of that refusal, in seconds. */
  retryAfter?: number;
}

export type OpenSocket = (url: string, listener: SocketListener) => Socket;
