import { WebSocket } from 'ws';
import type { Endpoint, EndpointEvents, EndpointOptions } from './endpoint.js';
import { credentials } from './login.js';
import { readStamp, stamp, stampedBody } from './stamp.js';

/** Frames of clients are padded to this, as the project's own client does. */
const FRAME = 1536;
const ID_LENGTH = 32;
const ID_MARK = '"id":"';
const TEXT = { binary: false };
const LOGIN_GUARD_MS = 30_000;

/**
 * The cheapest client that still proves order and completeness: frames are written into a template and
 * looked at by offset, never parsed, so that the second core stays free for the server.
 */
export class RawEndpoint implements Endpoint {
  readonly #socket: WebSocket;
  readonly #events: EndpointEvents;
  #template = Buffer.alloc(0);
  #stampAt = 0;
  #acks: string[] = [];

  constructor(
    readonly hash: string,
    socket: WebSocket,
    events: EndpointEvents,
  ) {
    this.#socket = socket;
    this.#events = events;
    socket.on('message', (data: Buffer) => this.#take(data));
    socket.on('close', (code) => this.#events.dropped(code));
  }

  address(to: string): void {
    const frame = JSON.stringify({ type: 'relay', payload: { to, id: 1, body: stampedBody(0, 0) } });
    this.#template = Buffer.alloc(Math.ceil(frame.length / FRAME) * FRAME, ' ');
    this.#template.write(frame, 'latin1');
    this.#stampAt = this.#template.indexOf(stamp(0, 0));
  }

  send(sequence: number): void {
    this.#template.write(stamp(sequence, performance.now()), this.#stampAt, 'latin1');
    // ws copies the template when it masks it.
    this.#socket.send(this.#template, TEXT);
  }

  acknowledge(): void {
    if (this.#acks.length === 0) return;
    const frame = JSON.stringify({ type: 'delivery_ack', payload: { ids: this.#acks } });
    this.#socket.send(frame.padEnd(Math.ceil(frame.length / FRAME) * FRAME));
    this.#acks = [];
  }

  close(): Promise<void> {
    this.acknowledge();
    return closed(this.#socket);
  }

  #take(data: Buffer): void {
    if (readStamp(data, this.#events.received)) this.#noteId(data);
    else if (data.includes('"delivery_status"') || data.includes('"relay_success"'))
      this.#events.answered(null);
    else if (data.includes('"type":"error"')) this.#events.answered(errorCode(data));
  }

  #noteId(data: Buffer): void {
    const at = data.indexOf(ID_MARK, 0, 'latin1');
    // A server that gives no ids wants no acknowledgement.
    if (at === -1) return;
    // All that came with one read is acknowledged at once.
    if (this.#acks.length === 0) setImmediate(() => this.acknowledge());
    this.#acks.push(data.toString('latin1', at + ID_MARK.length, at + ID_MARK.length + ID_LENGTH));
  }
}

/** Logs in as a fresh identity. Rejects when the server does not answer `auth_success` within 30 s. */
export async function openRaw(options: EndpointOptions, events: EndpointEvents): Promise<RawEndpoint> {
  const { hash, socket } = await login(options);
  return new RawEndpoint(hash, socket, events);
}

/** A socket that has been admitted, and the identity it speaks for. @param from source address */
export async function login(options: EndpointOptions, from = '127.0.0.1'): Promise<Admitted> {
  const { hash, frame } = await credentials(options);
  const socket = new WebSocket(`${options.url.replace(/^http/, 'ws')}/ws`, {
    perMessageDeflate: false,
    localAddress: from,
  });
  await new Promise<void>((resolve, reject) => {
    const guard = setTimeout(() => reject(new Error('no answer to the login')), LOGIN_GUARD_MS);
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`closed with ${code} during the login`)));
    socket.once('open', () => socket.send(frame));
    socket.once('message', (data: Buffer) => {
      clearTimeout(guard);
      if (data.includes('"auth_success"')) resolve();
      else reject(new Error(`refused: ${data.toString().trim()}`));
    });
  });
  socket.removeAllListeners();
  socket.on('error', () => socket.terminate());
  return { hash, socket };
}

export type Admitted = { hash: string; socket: WebSocket };

/** Closes in order and waits for it. */
export function closed(socket: WebSocket): Promise<void> {
  socket.removeAllListeners('close');
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.close(1000);
  });
}

function errorCode(data: Buffer): string {
  return /"error":"([A-Z_]+)"/.exec(data.toString('latin1'))?.[1] ?? 'unknown';
}
