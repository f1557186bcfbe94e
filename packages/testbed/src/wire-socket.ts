/** A WebSocket that keeps every frame it gets and lets a test wait for the one it means. */
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { deferred } from './wire-deferred.js';
import { isRecord, WireAnswer } from './wire-http.js';

/** A frame from the server. Binary ones have the type `(binary)` and their bytes in `data`. */
export interface WireFrame {
  type: string;
  [member: string]: unknown;
}

export interface WireClose {
  code: number;
  reason: string;
}

export interface SocketOptions {
  from?: string | undefined;
  headers?: Record<string, string>;
  origin?: string;
  /** Offer permessage-deflate, as browsers do; default no. */
  deflate?: boolean;
  ca?: string;
}

/** The server answered the upgrade with something other than 101. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
  constructor(readonly answer: WireAnswer) {
    super(`upgrade refused: ${answer}`);
  }
}

type Match = string | ((frame: WireFrame) => boolean);
type Waiting = { match: (frame: WireFrame) => boolean; resolve: (frame: WireFrame) => void };

const GUARD_MS = 20_000;

/** Opens `/ws` (or the path in `url`); rejects with {@link UpgradeRefused} or the network's error. */
export function openSocket(url: string, options: SocketOptions = {}): Promise<WireSocket> {
  const address = url.replace(/^http/, 'ws');
  const socket = new WebSocket(new URL(address).pathname === '/' ? `${address}/ws` : address, {
    perMessageDeflate: options.deflate ?? false,
    maxPayload: 4 * 1024 * 1024,
    handshakeTimeout: GUARD_MS,
    ...(options.headers === undefined ? {} : { headers: options.headers }),
    ...(options.from === undefined ? {} : { localAddress: options.from }),
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  // Listening begins here: frames may come with the handshake's last bytes.
  const wire = new WireSocket(socket);
  const { promise, resolve, reject } = deferred<WireSocket>();
  socket.once('open', () => resolve(wire));
  socket.once('error', reject);
  socket.once('unexpected-response', (_, response) => {
    const chunks: Buffer[] = [];
    const end = () => {
      const answer = new WireAnswer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks));
      reject(new UpgradeRefused(answer));
      socket.terminate();
    };
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.once('end', end);
    response.once('error', reject);
  });
  return promise;
}

export class WireSocket {
  /** Every frame in the order of arrival, `dummy_pacing` included. */
  readonly frames: WireFrame[] = [];
  /** `session_token` of the `auth_success` that admitted this socket. */
  token = '';

  readonly #socket: WebSocket;
  readonly #unread: WireFrame[] = [];
  readonly #waiting = new Set<Waiting>();
  #close: WireClose | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, binary: boolean) => this.#take(data, binary));
    socket.once('close', (code: number, reason: Buffer) => {
      this.#close = { code, reason: reason.toString() };
    });
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Bytes written but not yet taken by the kernel. */
  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  /** Sends a text frame. */
  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /** Sends what is given, as text or, for a Buffer, as binary. */
  sendRaw(data: string | Buffer): void {
    this.#socket.send(data);
  }

  /** Sends bytes as a text frame, whether they are UTF-8 or not. */
  sendText(data: Buffer): void {
    this.#socket.send(data, { binary: false });
  }

  /**
   * The first frame, already here or to come, that no earlier `next` took and that matches.
   * Rejects, with all that came, when the socket closes first or 20 s pass.
   */
  async next(match: Match): Promise<WireFrame> {
    const matches = typeof match === 'string' ? (frame: WireFrame) => frame.type === match : match;
    const found = this.#unread.findIndex(matches);
    const ready = found < 0 ? undefined : this.#unread.splice(found, 1)[0];
    if (ready !== undefined) return ready;
    if (this.#close !== undefined) throw this.#missing(match, `closed ${this.#close.code}`);
    const { promise, resolve, reject } = deferred<WireFrame>();
    const waiting: Waiting = { match: matches, resolve };
    this.#waiting.add(waiting);
    const guard = setTimeout(() => reject(this.#missing(match, `waited ${GUARD_MS} ms`)), GUARD_MS);
    const gone = () =>
      reject(this.#missing(match, `the socket closed first, ${this.#close?.code} ${this.#close?.reason}`));
    this.#socket.once('close', gone);
    try {
      return await promise;
    } finally {
      clearTimeout(guard);
      this.#socket.off('close', gone);
      this.#waiting.delete(waiting);
    }
  }

  /** A ping and its answer: what was sent before it has been handled and its answers have left. */
  async settle(): Promise<void> {
    const mark = randomBytes(8).toString('hex');
    this.send({ type: 'ping', timestamp: mark });
    await this.next((frame) => frame.type === 'pong' && frame.timestamp === mark);
  }

  /** Frames that no `next` took, without the pacing. */
  unread(): WireFrame[] {
    return this.#unread.filter((frame) => frame.type !== 'dummy_pacing');
  }

  /** Frames of one type so far. */
  of(type: string): WireFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** Stops and starts reading from the connection. */
  pause(): void {
    this.#socket.pause();
  }
  resume(): void {
    this.#socket.resume();
  }

  /** The close code, 1006 when the connection broke. Rejects when it is still open after 20 s. */
  async closed(): Promise<WireClose> {
    if (this.#close !== undefined) return this.#close;
    const { promise, resolve, reject } = deferred<WireClose>();
    const guard = setTimeout(() => reject(this.#missing('close', `waited ${GUARD_MS} ms`)), GUARD_MS);
    this.#socket.once('close', (code: number, reason: Buffer) =>
      resolve({ code, reason: reason.toString() }),
    );
    try {
      return await promise;
    } finally {
      clearTimeout(guard);
    }
  }

  /** Closes with 1000 and waits until it is done. */
  async close(): Promise<void> {
    this.#socket.close(1000);
    await this.closed();
  }

  /** Breaks the connection without a word. */
  terminate(): void {
    this.#socket.terminate();
  }

  #take(data: Buffer, binary: boolean): void {
    const frame = binary ? { type: '(binary)', data } : parseFrame(data.toString());
    this.frames.push(frame);
    for (const waiting of this.#waiting) {
      if (!waiting.match(frame)) continue;
      this.#waiting.delete(waiting);
      waiting.resolve(frame);
      return;
    }
    this.#unread.push(frame);
  }

  #missing(match: Match, why: string): Error {
    const wanted = typeof match === 'string' ? match : match.toString();
    const seen = this.frames.slice(-12).map((frame) => JSON.stringify(frame).slice(0, 200));
    return new Error(
      `no frame for ${wanted}: ${why}; the last of ${this.frames.length}:\n${seen.join('\n')}`,
    );
  }
}

function parseFrame(text: string): WireFrame {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value) || typeof value.type !== 'string') throw new Error(`not a frame: ${text.trim()}`);
  return { ...value, type: value.type };
}
