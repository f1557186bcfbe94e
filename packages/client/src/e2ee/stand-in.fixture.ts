/** A server of one account that keeps a queue as the real one does, and misbehaves where a test tells it to. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { Envelope, Send } from '@blindpost/protocol/e2ee';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: unknown;
}
export interface Said {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}
export interface Frame {
  type: string;
  ref?: unknown;
  data: Record<string, unknown>;
}

export const ACCOUNT = '11111111-1111-1111-1111-111111111111';
export const PEER = '22222222-2222-2222-2222-222222222222';
const TIME = '2026-01-01T00:00:00.000Z';

export class StandIn {
  readonly #http = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const url = new URL(request.url ?? '', 'http://stand-in');
    const asked: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.asked.push(asked);
    this.#respond(response, this.answer(asked));
  });
  readonly #sockets = new WebSocketServer({ server: this.#http, path: '/api/e2ee/ws' });
  url = '';
  readonly asked: Asked[] = [];
  /** Frames of all sockets after login. */
  readonly frames: Frame[] = [];
  /** What each request is answered with; undefined drops the connection without an answer. */
  answer: (asked: Asked) => Said | undefined = (asked) => this.serve(asked);
  /** Gets frames before the stand-in does; true when that was all. */
  onFrame: (frame: Frame, socket: WebSocket) => boolean = () => false;
  /** Whether a socket may come in; else it is told `unauthorized` and closed as the real server does. */
  admits: (token: string) => boolean = () => true;
  /** Of the account, un-acknowledged. */
  queue: Envelope[] = [];
  /** Whether what waits is pushed when a socket comes. */
  pushes = true;
  /** Envelopes the account sent, by their clientMessageId, in the order they were stored. */
  readonly stored = new Map<string, Envelope>();
  logins = 0;
  #sequence = 0;

  async start(): Promise<this> {
    this.#sockets.on('connection', (socket) => {
      let known = false;
      socket.on('message', (data) => {
        const frame: Frame = JSON.parse(String(data));
        if (known) this.#take(frame, socket);
        else known = this.#admit(frame, socket);
      });
    });
    await once(this.#http.listen(0, '127.0.0.1'), 'listening');
    const address = this.#http.address();
    assert.ok(address !== null && typeof address === 'object');
    this.url = `http://127.0.0.1:${address.port}`;
    return this;
  }

  /** Everything as at the start, and nobody there. */
  async reset(): Promise<void> {
    this.cut();
    await until(() => this.#sockets.clients.size === 0);
    this.answer = (asked) => this.serve(asked);
    this.onFrame = () => false;
    this.admits = () => true;
    this.asked.length = 0;
    this.frames.length = 0;
    this.queue = [];
    this.pushes = true;
    this.stored.clear();
    this.logins = 0;
    this.#sequence = 0;
  }

  /** The one that came last. */
  get socket(): WebSocket {
    const socket = [...this.#sockets.clients].at(-1);
    assert.ok(socket !== undefined);
    return socket;
  }

  /** Ends every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  say(frame: unknown, socket = this.socket): void {
    socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Stores an envelope for the account without pushing it. */
  store(text: string): Envelope {
    this.#sequence += 1;
    const envelope = envelopeOf(this.#sequence, text);
    this.queue.push(envelope);
    return envelope;
  }

  /** As a server that was restored from a backup: the next number is this one. */
  countFrom(sequence: number): void {
    this.#sequence = sequence - 1;
    this.queue = [];
  }

  push({ deliveryStatus, deliveredAt, ackedAt, expiresAt, ...data }: Envelope, socket?: WebSocket): void {
    this.say({ type: 'e2ee.envelope', data }, socket);
  }

  acknowledge({ ids, upTo }: { ids?: unknown; upTo?: unknown }): number {
    const before = this.queue.length;
    this.queue = this.queue.filter(({ id, sequence }) =>
      Array.isArray(ids) ? !ids.includes(id) : sequence > Number(upTo),
    );
    return before - this.queue.length;
  }

  /** Requests of these paths, below `/api/`. */
  of(path: string): Asked[] {
    return this.asked.filter((asked) => asked.path === `/api/${path}`);
  }

  stop(): void {
    this.cut();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  /** What an honest server answers. */
  serve({ path, query, body }: Asked): Said {
    if (path === '/api/e2ee/messages/pending') {
      const waiting = this.queue.filter(({ sequence }) => sequence > Number(query.get('after') ?? 0));
      const page = waiting.slice(0, Number(query.get('take') ?? 100));
      return { headers: { 'x-has-more': String(page.length < waiting.length) }, body: page };
    }
    if (path === '/api/e2ee/messages') return { body: this.#store(readSend(body)) };
    if (path === '/api/e2ee/keys/status') return { body: { oneTimePreKeys: 50, low: false } };
    return { status: 404, body: refusal('not_found') };
  }

  #admit({ type, data }: Frame, socket: WebSocket): boolean {
    assert.equal(type, 'auth');
    this.logins += 1;
    if (!this.admits(String(data.token))) {
      this.say({ type: 'error', data: refusal('unauthorized') }, socket);
      socket.close(1008);
      return false;
    }
    this.say({ type: 'auth.ok', data: { accountId: ACCOUNT, expiresAt: TIME } }, socket);
    if (this.pushes) {
      for (const envelope of this.queue) this.push(envelope, socket);
      this.say({ type: 'e2ee.queue.empty', data: {} }, socket);
    }
    return true;
  }

  #take(frame: Frame, socket: WebSocket): void {
    this.frames.push(frame);
    if (this.onFrame(frame, socket)) return;
    const { type, ref, data } = frame;
    if (type === 'e2ee.send') this.say({ type: 'e2ee.sent', ref, data: this.#store(readSend(data)) }, socket);
    if (type === 'e2ee.ack') {
      this.say({ type: 'e2ee.acked', ref, data: { acknowledged: this.acknowledge(data) } }, socket);
    }
  }

  #store(sent: Send): Envelope {
    const clientMessageId = String(sent.clientMessageId);
    const stored = this.stored.get(clientMessageId);
    if (stored !== undefined) return stored;
    const text = Buffer.from(sent.ciphertext, 'base64').toString();
    const envelope = {
      ...envelopeOf(this.stored.size + 1, text),
      recipientId: sent.recipientId,
      clientMessageId,
    };
    this.stored.set(clientMessageId, envelope);
    return envelope;
  }

  #respond(response: ServerResponse, said: Said | undefined): void {
    if (said === undefined) {
      response.destroy();
      return;
    }
    response.writeHead(said.status ?? 200, said.headers);
    const { body } = said;
    response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  }
}

export function envelopeOf(sequence: number, text: string): Envelope {
  return {
    id: randomUUID(),
    senderId: PEER,
    recipientId: ACCOUNT,
    sessionId: null,
    type: 0,
    groupId: null,
    clientMessageId: null,
    sequence,
    ciphertext: Buffer.from(text).toString('base64'),
    header: null,
    signature: null,
    deliveryStatus: 0,
    deliveredAt: null,
    ackedAt: null,
    expiresAt: null,
    meta: null,
    createdAt: TIME,
  };
}

export function refusal(error: string, details: object = {}): object {
  return { error, message: 'no', details };
}

/** Waits for something that must come; the runner's limit ends it when it does not. */
export async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 2));
}

function readSend(body: unknown): Send {
  assert.ok(typeof body === 'object' && body !== null && 'ciphertext' in body && 'recipientId' in body);
  const { ciphertext, recipientId } = body;
  assert.ok(typeof ciphertext === 'string' && typeof recipientId === 'string');
  return { ...body, ciphertext, recipientId };
}
