import { MAX_TAKE, type PublicBundle as WireBundle } from '@blindpost/protocol/e2ee';
import { authorised, type TokenSource } from '../accounts/token-source.js';
import { type Endpoint, endpoint } from '../http/endpoint.js';
import { type Answer, exchangeWhole } from '../http/exchange.js';
import { type Insistence, insist } from '../retry/insist.js';
import {
  isAckAnswer,
  isBundle,
  isDistributeAnswer,
  isEnvelope,
  isKeyStatus,
  isPending,
  isPublicBundle,
  isSession,
} from './answers.js';
import { fromWire, toWire } from './bytes.js';
import { ERRORS, localError } from './errors.js';
import { withMessageId } from './message-id.js';
import type {
  Bundle,
  Distribution,
  Envelope,
  KeyStatus,
  KeyUpload,
  OutgoingEnvelope,
  PublicBundle,
  Session,
  SessionRequest,
} from './types.js';

/** Where the routes lie below the address. */
const FOLDER = 'api/e2ee/';
/** Some seconds in all. */
const PATIENCE = { tries: 5, patienceMs: 30_000 };
/** A page of the queue may hold megabytes of ciphertext; in characters. */
const MAX_PAGE = 16 * 1024 * 1024;

export interface E2eeAccess {
  /** Address of the server. */
  url: string;
  /** An `AccountLogin`, or any source of bearer tokens that the server accepts. */
  tokens: TokenSource;
}

export interface CallOptions {
  /** Ends waiting and trying; what was already asked may still be done. */
  signal?: AbortSignal | undefined;
}

export interface PendingOptions extends CallOptions {
  /** At most so many, 1…500; by default 100. */
  take?: number;
  /** Only what comes after this sequence. */
  after?: number;
}

/** What waits, ascending by sequence, and whether more does. */
export interface PendingPage {
  envelopes: Envelope[];
  hasMore: boolean;
}

/** Exactly one of the two: ids, at most 500; or everything up to and including a sequence. */
export type AckSelection = { ids: readonly string[]; upTo?: undefined } | { upTo: number; ids?: undefined };

interface Call extends CallOptions {
  method?: 'GET' | 'POST';
  query?: Record<string, string>;
  body?: unknown;
  maxAnswer?: number;
  again?: Insistence['again'];
}

/**
 * The routes of the e2ee transport. What may be repeated is repeated for some seconds when the answer was lost, or
 * when the server asked for patience. Every verb rejects with an E2eeError: the server's refusal, `unreachable`
 * or `bad_answer`; or with what the token source or the signal rejects with.
 */
export class E2eeHttp {
  protected readonly endpoint: Endpoint;
  protected readonly tokens: TokenSource;

  /** @throws TypeError when the address is not an http(s) URL */
  constructor({ url, tokens }: E2eeAccess) {
    this.endpoint = endpoint(url, FOLDER);
    this.tokens = tokens;
  }

  /** Publishes or rotates the own bundle and adds one-time prekeys, at most 200 at once and 1,000 in stock. */
  async uploadKeys(keys: KeyUpload, options?: CallOptions): Promise<Bundle> {
    return fromWire(await this.#call('keys/upload', isBundle, { body: toWire(keys), ...options }));
  }

  /** The own bundle as others see it. Rejects with `not_found` before the first upload. */
  async myBundle(options?: CallOptions): Promise<PublicBundle> {
    return fromWire(await this.#call('keys/me', isPublicBundle, options));
  }

  /**
   * The bundle of another account. By default a one-time prekey is taken, the same again within a minute, so that
   * a lost answer burns none. `verified` is the server's word: check the signature yourself.
   */
  async bundle(
    accountId: string,
    { consume = true, signal }: CallOptions & { consume?: boolean } = {},
  ): Promise<PublicBundle> {
    const query = { consumeOneTimePreKey: String(consume) };
    const path = `keys/${encodeURIComponent(accountId)}/bundle`;
    return this.#ofAccount(accountId, await this.#call(path, isPublicBundle, { query, signal }));
  }

  /** As {@link bundle}, with a fresh one-time prekey each time; so it is not repeated when its answer was lost. */
  async claim(accountId: string, { signal }: CallOptions = {}): Promise<PublicBundle> {
    const path = `keys/${encodeURIComponent(accountId)}/claim`;
    const again: Call['again'] = ({ code }) => code === 'rate_limit_exceeded' || code === 'unavailable';
    return this.#ofAccount(
      accountId,
      await this.#call(path, isPublicBundle, { method: 'POST', again, signal }),
    );
  }

  /** How many one-time prekeys are left to hand out. */
  keyStatus(options?: CallOptions): Promise<KeyStatus> {
    return this.#call('keys/status', isKeyStatus, options);
  }

  /** The record that two accounts talk, made when there is none. What is given replaces what was there. */
  ensureSession(peerId: string, session: SessionRequest = {}, options?: CallOptions): Promise<Session> {
    const path = `sessions/${encodeURIComponent(peerId)}`;
    return this.#call(path, isSession, { body: session, ...options });
  }

  /** Stores an envelope for its recipient; resolves when it is on disk. Repeated under one id, stored once. */
  async send(envelope: OutgoingEnvelope, options?: CallOptions): Promise<Envelope> {
    const body = toWire(withMessageId(envelope));
    return fromWire(await this.#call('messages', isEnvelope, { body, ...options }));
  }

  /** What waits for this account, in order. It stays until it is acknowledged. */
  async pending({ take, after, signal }: PendingOptions = {}): Promise<PendingPage> {
    const query = {
      ...(take === undefined ? {} : { take: String(Math.min(take, MAX_TAKE)) }),
      ...(after === undefined ? {} : { after: String(after) }),
    };
    const { body, headers } = await this.#whole('messages/pending', { query, maxAnswer: MAX_PAGE, signal });
    const more = headers.get('x-has-more');
    if (!isPending(body) || (more !== 'true' && more !== 'false')) throw ERRORS.badAnswer();
    if (after !== undefined && body.some(({ sequence }) => sequence <= after)) throw ERRORS.badAnswer();
    return { envelopes: fromWire(body), hasMore: more === 'true' };
  }

  /** Acknowledges one envelope; answers it. Rejects with `not_found` when it is not for this account. */
  async ackOne(envelopeId: string, options?: CallOptions): Promise<Envelope> {
    const path = `messages/${encodeURIComponent(envelopeId)}/ack`;
    return fromWire(await this.#call(path, isEnvelope, { method: 'POST', ...options }));
  }

  /** Acknowledges many; answers how many were not before. Ids of others are passed over. */
  async ack(selection: AckSelection, options?: CallOptions): Promise<number> {
    const { acknowledged } = await this.#call('messages/ack', isAckAnswer, { body: selection, ...options });
    return acknowledged;
  }

  /** Sends a sender key to each member, all or none; answers how many are stored. At most 500, 8 MiB. */
  async distribute(distribution: Distribution, options?: CallOptions): Promise<number> {
    const items = distribution.items.map(withMessageId);
    const body = toWire({ ...distribution, items });
    const { sent } = await this.#call('groups/sender-key/distribute', isDistributeAnswer, {
      body,
      ...options,
    });
    return sent;
  }

  /** A bundle of somebody else's is a server in the middle. */
  #ofAccount(accountId: string, bundle: WireBundle): PublicBundle {
    if (bundle.accountId.toLowerCase() !== accountId.toLowerCase()) throw localError('bad_answer');
    return fromWire(bundle);
  }

  async #call<T>(path: string, guard: (answer: unknown) => answer is T, call: Call = {}): Promise<T> {
    const { body } = await this.#whole(path, call);
    if (!guard(body)) throw ERRORS.badAnswer();
    return body;
  }

  #whole(path: string, { query, body, again, ...rest }: Call): Promise<Answer> {
    const url = new URL(path, this.endpoint.base);
    url.search = new URLSearchParams(query).toString();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const attempt = () =>
      authorised(this.tokens, (headers) => exchangeWhole(url, { headers, body: text, ...rest }, ERRORS));
    return insist(attempt, { ...PATIENCE, signal: rest.signal, ...(again === undefined ? {} : { again }) });
  }
}
