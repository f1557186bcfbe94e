/** A miner on the wire: what the document says, written with node:http, ws and node:crypto. */
import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { isRecord, type WireAnswer, type WireRequest, wireRequest } from './wire-http.js';
import { openSocket, type SocketOptions, type WireSocket } from './wire-socket.js';

export interface WireRound {
  track: string;
  round_id: string;
  params: Record<string, unknown>;
  issued_at_ms: number;
}

export interface PoolWireOptions {
  /** Who the miner is; without one, its address. */
  token?: string;
  /** Source address, such as `127.0.0.2`. */
  from?: string;
  /** What stands before every path, such as `/pool`. */
  prefix?: string;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
}

/** A token as a client makes it: 32 random bytes. */
export function minerToken(): string {
  return `bp_${randomBytes(32).toString('base64url')}`;
}

/** One miner at one server. Nothing is retried and nothing is kept but the connections. */
export class PoolWire {
  /** Idle connections end here before the server ends them: a request must not meet that moment. */
  readonly #agent = new Agent({ keepAlive: true, timeout: 3_000 });
  readonly #sockets = new Set<WireSocket>();

  constructor(
    readonly url: string,
    readonly options: PoolWireOptions = {},
  ) {}

  request(path: string, options: WireRequest = {}): Promise<WireAnswer> {
    const { token, from, prefix = '', headers } = this.options;
    const identity: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return wireRequest(`${this.url}${prefix}${path}`, {
      agent: this.#agent,
      from,
      ...options,
      headers: { ...identity, ...headers, ...options.headers },
    });
  }

  get(path: string, headers: Record<string, string> = {}): Promise<WireAnswer> {
    return this.request(path, { headers });
  }

  /** Posts a value as JSON, or a string as it stands, labelled JSON. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<WireAnswer> {
    return this.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** `GET /challenge`; throws when it is refused. */
  async challenge(): Promise<WireRound> {
    const answer = await this.get('/challenge');
    const { track, round_id, params, issued_at_ms } = answer.status === 200 ? answer.json : {};
    if (typeof track !== 'string' || typeof round_id !== 'string') throw new Error(`no challenge: ${answer}`);
    if (!isRecord(params) || typeof issued_at_ms !== 'number') throw new Error(`no challenge: ${answer}`);
    return { track, round_id, params, issued_at_ms };
  }

  submit(
    round: Pick<WireRound, 'track' | 'round_id'>,
    nonce: string,
    headers: Record<string, string> = {},
  ): Promise<WireAnswer> {
    const { track, round_id } = round;
    return this.post('/submit', { track, round_id, proof: { nonce } }, headers);
  }

  /** `pending_balance_micro`; throws when it is refused. */
  async balance(): Promise<number> {
    const answer = await this.get('/balance');
    const pending = answer.json.pending_balance_micro;
    if (typeof pending !== 'number') throw new Error(`no balance: ${answer}`);
    return pending;
  }

  /** Opens a socket and says nothing. */
  async open(path = '/pool/ws', options: SocketOptions = {}): Promise<WireSocket> {
    const socket = await openSocket(`${this.url}${path}`, { from: this.options.from, ...options });
    this.#sockets.add(socket);
    return socket;
  }

  /** Opens a socket as this miner; answers it with the secret it was sent. By address that takes two seconds. */
  async attend(path?: string, options?: SocketOptions): Promise<{ socket: WireSocket; secret: string }> {
    const socket = await this.open(path, options);
    if (this.options.token !== undefined) socket.send({ type: 'auth', token: this.options.token });
    const { secret } = await socket.next('secret');
    return { socket, secret: String(secret) };
  }

  /** Breaks every connection of this miner. */
  end(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.#agent.destroy();
  }
}
