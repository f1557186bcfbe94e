/** A client of the relay on the wire: what the documents say, written with node:http, ws and node:crypto. */
import { Agent } from 'node:http';
import type { BundleOptions, TestIdentity } from './keys.js';
import { makeBundle, signBundle } from './keys.js';
import { type WireAnswer, type WireRequest, wireRequest } from './wire-http.js';
import { type SolveOptions, solve, type WirePuzzle } from './wire-pow.js';
import { openSocket, type SocketOptions, type WireFrame, type WireSocket } from './wire-socket.js';

export interface PaidWork {
  seed: string;
  nonce: string;
}

/** What the challenge is asked for. */
export interface WorkFor {
  type?: string;
  identity_hash?: string;
  nickname?: string;
}

export interface LoginOptions extends SocketOptions {
  /** How to be admitted; default `signature`. */
  by?: 'work' | 'signature' | { token: string };
}

/** One client at one address. Nothing is retried and nothing is kept but the connections. */
export class Wire {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #sockets = new Set<WireSocket>();

  /** @param from source address, such as `127.0.0.2`, to be another client for the limits. */
  constructor(
    readonly url: string,
    readonly from?: string,
  ) {}

  /** The Host header that reaches the server. */
  get host(): string {
    return new URL(this.url).host;
  }

  request(path: string, options: WireRequest = {}): Promise<WireAnswer> {
    return wireRequest(`${this.url}${path}`, { agent: this.#agent, from: this.from, ...options });
  }

  get(path: string, headers: Record<string, string> = {}): Promise<WireAnswer> {
    return this.request(path, { headers });
  }

  /** Posts a value as JSON, or a string as it stands, labelled JSON. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<WireAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    });
  }

  /** `GET /pow/challenge`; throws when it is refused. */
  async challenge(purpose: WorkFor = {}): Promise<WirePuzzle> {
    const query = new URLSearchParams({ ...purpose }).toString();
    const answer = await this.get(`/pow/challenge${query === '' ? '' : `?${query}`}`);
    const { seed, difficulty, unit } = answer.status === 200 ? answer.json : {};
    if (typeof seed !== 'string' || typeof difficulty !== 'number' || typeof unit !== 'string') {
      throw new Error(`no challenge: ${answer}`);
    }
    return { seed, difficulty, unit };
  }

  /** Fetches a challenge and solves it for the context. */
  async work(context: string, purpose: WorkFor = {}, options: SolveOptions = {}): Promise<PaidWork> {
    const puzzle = await this.challenge(purpose);
    return { seed: puzzle.seed, nonce: solve(puzzle, context, options) };
  }

  /** The two headers that pay for a request. */
  async paid(context: string, purpose: WorkFor = {}): Promise<Record<string, string>> {
    return workHeaders(await this.work(context, purpose));
  }

  async upload(identity: TestIdentity, options: BundleOptions = {}): Promise<WireAnswer> {
    return this.uploadBody(identity.hash, signBundle(identity, makeBundle(identity, options)));
  }

  /** Uploads any body with good work for the hash. */
  async uploadBody(hash: string, body: unknown): Promise<WireAnswer> {
    return this.post('/keys/upload', body, await this.paid(hash, { type: 'upload', identity_hash: hash }));
  }

  /** Registers a nickname, signed or by work alone. */
  async claimNickname(identity: TestIdentity, nickname: string, signed = true): Promise<WireAnswer> {
    const work = await this.work(nickname, { type: 'registration', identity_hash: identity.hash, nickname });
    const claim = { nickname, identity_hash: identity.hash };
    const proof = {
      identityKey: identity.publicKey,
      signature: identity.sign(`NICK:${work.seed}:${nickname}:${identity.hash}`),
    };
    return this.post('/nickname/register', signed ? { ...claim, ...proof } : claim, workHeaders(work));
  }

  async burn(identity: TestIdentity): Promise<WireAnswer> {
    const work = await this.work(identity.hash, { type: 'burn', identity_hash: identity.hash });
    const body = {
      identity_hash: identity.hash,
      identityKey: identity.publicKey,
      signature: identity.sign(`BURN:${work.seed}:${identity.hash}`),
    };
    return this.post('/account/burn', body, workHeaders(work));
  }

  /** `POST /relay`. */
  async sendOnce(to: string, body: unknown, id?: string | number): Promise<WireAnswer> {
    const headers = await this.paid(to, { type: 'relay' });
    return this.post('/relay', { to, body, ...(id === undefined ? {} : { id }) }, headers);
  }

  /** Opens a socket that nobody has authenticated yet. */
  async open(options: SocketOptions = {}): Promise<WireSocket> {
    const socket = await openSocket(this.url, { from: this.from, ...options });
    this.#sockets.add(socket);
    return socket;
  }

  /** The members of an `auth` frame that admit the identity. */
  async credentials(identity: TestIdentity, by: LoginOptions['by'] = 'signature') {
    const identity_hash = identity.hash;
    if (typeof by === 'object') return { identity_hash, session_token: by.token };
    const work = await this.work(identity_hash, { type: 'auth', identity_hash });
    if (by === 'work') return { identity_hash, ...work };
    const signature = identity.sign(`AUTH:${this.host}:${work.seed}:${identity_hash}`);
    return { identity_hash, ...work, identityKey: identity.publicKey, signature };
  }

  /** Opens a socket and authenticates it; rejects when the server does not answer `auth_success`. */
  async login(identity: TestIdentity, options: LoginOptions = {}): Promise<WireSocket> {
    const payload = await this.credentials(identity, options.by);
    const socket = await this.open(options);
    socket.send({ type: 'auth', payload });
    const welcome = await socket.next('auth_success');
    socket.token = typeof welcome.session_token === 'string' ? welcome.session_token : '';
    return socket;
  }

  /** Tries to log in; answers the first frame that is no pacing: `auth_success` or `error`. */
  async tryLogin(
    payload: object,
    options: SocketOptions = {},
  ): Promise<{ socket: WireSocket; frame: WireFrame }> {
    const socket = await this.open(options);
    socket.send({ type: 'auth', payload });
    const frame = await socket.next((each) => each.type !== 'dummy_pacing');
    return { socket, frame };
  }

  /** Breaks every connection of this client. */
  end(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.#agent.destroy();
  }
}

/** The two headers that pay for a request. */
export function workHeaders(work: PaidWork): Record<string, string> {
  return { 'x-pow-seed': work.seed, 'x-pow-nonce': work.nonce };
}
