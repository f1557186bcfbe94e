/** A pool that does what no honest one does, or what a real one does only now and then. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}
export interface Said {
  status?: number;
  headers?: Record<string, string>;
  body: unknown;
}
type Frame = Record<string, unknown>;

export class StandIn {
  readonly #http = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const asked: Asked = {
      path: request.url ?? '',
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.asked.push(asked);
    this.#answer(response, this.answer(asked));
  });
  readonly #sockets = new WebSocketServer({ server: this.#http, path: '/pool/ws' });
  readonly asked: Asked[] = [];
  /** Frames of all sockets. */
  readonly frames: Frame[] = [];
  url = '';
  logins = 0;
  /** What each request is answered with; undefined drops the connection without an answer. */
  answer: (asked: Asked) => Said | undefined = () => ({ status: 404, body: null });
  /** What a socket is told after its first frame. */
  welcome: Frame[] = [{ type: 'secret', secret: 'ab'.repeat(32), expires_at_ms: 1 }];

  async start(): Promise<this> {
    this.#sockets.on('connection', (socket) => {
      let known = false;
      socket.on('message', (data) => {
        this.frames.push(JSON.parse(String(data)));
        if (known) return;
        known = true;
        this.logins += 1;
        for (const frame of this.welcome) socket.send(JSON.stringify(frame));
      });
    });
    await once(this.#http.listen(0, '127.0.0.1'), 'listening');
    const address = this.#http.address();
    assert.ok(address !== null && typeof address === 'object');
    this.url = `http://127.0.0.1:${address.port}`;
    return this;
  }

  /** The one that came last: an earlier one may still be on its way out. */
  get socket(): WebSocket {
    const socket = [...this.#sockets.clients].at(-1);
    assert.ok(socket !== undefined);
    return socket;
  }

  /** Whether every socket is gone: one of an earlier test must not be taken for this one's. */
  get empty(): boolean {
    return this.#sockets.clients.size === 0;
  }

  say(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  stop(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  #answer(response: ServerResponse, said: Said | undefined): void {
    if (said === undefined) {
      response.destroy();
      return;
    }
    response.writeHead(said.status ?? 200, said.headers);
    response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body));
  }
}

export function refusal(error: string, details: object = {}): object {
  return { error, message: 'no', details };
}

/** Waits for something that must come; the runner's limit ends it when it does not. */
export async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 2));
}
