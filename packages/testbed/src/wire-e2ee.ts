/** One account at one e2ee server on the wire: what the document says, written with node:http and ws. */
import { Agent } from 'node:http';
import { isRecord, type WireAnswer, type WireRequest, wireRequest } from './wire-http.js';
import { openSocket, type SocketOptions, type WireFrame, type WireSocket } from './wire-socket.js';

/** Who asks. Without a token nobody does. */
export interface E2eeWho {
  readonly id: string;
  readonly token?: string;
}

export interface E2eeWireOptions {
  /** Source address, such as `127.0.0.2`. */
  from?: string;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
}

/** The members of a send; what is left out is not sent. */
export interface E2eeSend {
  recipientId: string;
  ciphertext: string;
  sessionId?: string | null;
  type?: number;
  groupId?: string | null;
  clientMessageId?: string | null;
  header?: string | null;
  signature?: string | null;
  expiresAt?: string | null;
  meta?: unknown;
}

/** One of a distribution. */
export type E2eeItem = Omit<E2eeSend, 'sessionId' | 'type' | 'groupId' | 'expiresAt'>;

export interface PendingOptions {
  take?: number | string;
  after?: number | string;
}

export interface E2eeSocketOptions extends SocketOptions {
  /** How the socket says who it is: the upgrade's `Authorization`, or a first frame. Default `header`. */
  by?: 'header' | 'frame';
  /** Behind the path, such as `?case=snake`. */
  query?: string;
}

/** Nothing is retried and nothing is kept but the connections. */
export class E2eeWire {
  /** Idle connections end here before the server ends them: a request must not meet that moment. */
  readonly #agent = new Agent({ keepAlive: true, timeout: 3_000 });
  readonly #sockets = new Set<WireSocket>();

  constructor(
    readonly url: string,
    readonly who: E2eeWho,
    readonly options: E2eeWireOptions = {},
  ) {}

  get id(): string {
    return this.who.id;
  }

  /** Any path of the server, as this account. */
  request(path: string, options: WireRequest = {}): Promise<WireAnswer> {
    const { from, headers } = this.options;
    const { token } = this.who;
    const identity: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return wireRequest(`${this.url}${path}`, {
      agent: this.#agent,
      from,
      ...options,
      headers: { ...identity, ...headers, ...options.headers },
    });
  }

  /** Below `/api/e2ee`. */
  get(path: string, headers: Record<string, string> = {}): Promise<WireAnswer> {
    return this.request(`/api/e2ee${path}`, { headers });
  }

  /** Below `/api/e2ee`. A value goes as JSON, a string as it stands, labelled JSON. */
  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<WireAnswer> {
    return this.#post(`/api/e2ee${path}`, body, headers);
  }

  #post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<WireAnswer> {
    if (body === undefined) return this.request(path, { method: 'POST', headers });
    return this.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  upload(bundle: object): Promise<WireAnswer> {
    return this.post('/keys/upload', bundle);
  }
  me(): Promise<WireAnswer> {
    return this.get('/keys/me');
  }
  status(): Promise<WireAnswer> {
    return this.get('/keys/status');
  }
  /** Without `consume` the parameter is left out. */
  bundle(of: string, consume?: boolean | string): Promise<WireAnswer> {
    return this.get(`/keys/${of}/bundle${consume === undefined ? '' : `?consumeOneTimePreKey=${consume}`}`);
  }
  claim(of: string): Promise<WireAnswer> {
    return this.post(`/keys/${of}/claim`);
  }
  ensureSession(peer: string, body: object = {}): Promise<WireAnswer> {
    return this.post(`/sessions/${peer}`, body);
  }

  send(message: E2eeSend): Promise<WireAnswer> {
    return this.post('/messages', message);
  }
  /** One after the other; answers what each was answered. */
  async sendAll(messages: Iterable<E2eeSend>): Promise<WireAnswer[]> {
    const answers: WireAnswer[] = [];
    for (const message of messages) answers.push(await this.send(message));
    return answers;
  }
  distribute(
    groupId: string,
    items: readonly E2eeItem[],
    more: { expiresAt?: string } = {},
  ): Promise<WireAnswer> {
    return this.post('/groups/sender-key/distribute', { groupId, ...more, items });
  }
  pending(options: PendingOptions = {}): Promise<WireAnswer> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(options)) query.set(name, String(value));
    return this.get(`/messages/pending${query.size === 0 ? '' : `?${query}`}`);
  }
  ack(envelopeId: string): Promise<WireAnswer> {
    return this.post(`/messages/${envelopeId}/ack`);
  }
  ackAll(body: { ids?: readonly string[]; upTo?: number }): Promise<WireAnswer> {
    return this.post('/messages/ack', body);
  }

  /** Ends this token, or all of the account. */
  revoke(all = false): Promise<WireAnswer> {
    return this.#post('/api/accounts/revoke', all ? { all } : undefined);
  }
  /** Erases the account. */
  erase(): Promise<WireAnswer> {
    return this.request('/api/accounts/me', { method: 'DELETE' });
  }

  /** Opens a socket that has not said who it is. */
  async open(options: E2eeSocketOptions = {}): Promise<WireSocket> {
    const { by: _, query = '', ...how } = options;
    const socket = await openSocket(`${this.url}/api/e2ee/ws${query}`, { from: this.options.from, ...how });
    this.#sockets.add(socket);
    return socket;
  }

  /** Opens a socket as this account; by a frame, it waits for `auth.ok`. */
  async attend(options: E2eeSocketOptions = {}): Promise<WireSocket> {
    const { token = '' } = this.who;
    if (options.by === 'frame') {
      const socket = await this.open(options);
      socket.send({ type: 'auth', data: { token } });
      await socket.next('auth.ok');
      return socket;
    }
    return this.open({ ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
  }

  /** Opens a socket and waits until everything that waited for it has come. */
  async listen(options: E2eeSocketOptions = {}): Promise<WireSocket> {
    const socket = await this.attend(options);
    await socket.next('e2ee.queue.empty');
    return socket;
  }

  /** Breaks every connection of this account. */
  end(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.#agent.destroy();
  }
}

/** The `data` of a frame; throws when it has none. */
export function dataOf(frame: WireFrame): Record<string, unknown> {
  if (!isRecord(frame.data)) throw new Error(`no data: ${JSON.stringify(frame)}`);
  return frame.data;
}
