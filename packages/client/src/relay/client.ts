import {
  BINARY_RECIPIENT_LENGTH,
  isSenderType,
  MAX_FRAME,
  type TargetResult,
} from '@blindpost/protocol/relay';
import { tell } from '../events/tell.js';
import type { JsonRecord } from '../json/record.js';
import { Heartbeat } from '../websocket/heartbeat.js';
import { Acks } from './acks.js';
import { subscribeAlias } from './alias.js';
import { isHash } from './answers.js';
import { Connection, type FinalState, type Send, type State } from './connection.js';
import { dispatch, type Recipients } from './dispatch.js';
import { localError, RelayError } from './errors.js';
import type { Identity } from './identity.js';
import { Inbox } from './inbox.js';
import { Login } from './login.js';
import { binaryMessage, type Message } from './message.js';
import type { MulticastTarget, RelayClientOptions, SendOptions, Sent } from './options.js';
import { type Answer, Outbox, type Outgoing } from './outbox.js';
import { Pacing } from './pacing.js';
import { encodeFrame } from './padding.js';
import { Presence } from './presence.js';
import { DEFAULT_RATE, RateBucket } from './rate.js';
import { RelayHttp } from './rest.js';

/** Names frames that want no answer, so that a refusal of one is not taken for another's. */
const NO_FRAME = 0;
/** Frames that say nothing: they do not keep the dummy traffic going. */
const IDLE_FRAMES: ReadonlySet<unknown> = new Set(['dummy_ack', 'dummy_pacing', 'pong']);

/**
 * One identity at the relay. Connects, logs in and stays connected; sends at least once; hands every message
 * over once. The HTTP verbs work without `connect`. A client that ended (closed, replaced, burned) stays ended.
 */
export class RelayClient extends RelayHttp {
  readonly presence: Presence;
  readonly #rate: RateBucket | undefined;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #acks: Acks;
  readonly #pacing: Pacing | undefined;
  readonly #heartbeat: Heartbeat;
  readonly #connection: Connection;
  readonly #recipients: Recipients;
  #send: Send | undefined;
  #running: Promise<void> | undefined;
  #ready: Promise<void> | undefined;
  #settleReady: ((error?: RelayError) => void) | undefined;
  #ended: RelayError | undefined;

  /** @throws TypeError when no address is given, or one is not an http(s) URL */
  constructor(options: RelayClientOptions) {
    super(options);
    const { outbox: kept = 1000, inbox: capacity = 10_000, rate = DEFAULT_RATE, pacing = false } = options;
    const failed = (error: RelayError) => tell(options.onError, error);
    this.#rate = rate === false ? undefined : new RateBucket(rate);
    this.#outbox = new Outbox({ capacity: kept, rate: this.#rate, failed });
    this.#acks = new Acks((ids) => this.#send?.(encodeFrame({ type: 'delivery_ack', ids, id: NO_FRAME })));
    const acknowledge = (id: string) => {
      // Without a connection there is nothing to say: the message comes again and is acknowledged then.
      if (this.#send !== undefined) this.#acks.add(id);
    };
    this.#inbox = new Inbox({ capacity, remember: capacity, acknowledge, failed });
    this.#pacing = pacing ? new Pacing(() => this.#spare({ type: 'dummy_pacing', id: NO_FRAME })) : undefined;
    this.#heartbeat = new Heartbeat({
      ask: () => this.#spare({ type: 'ping', id: NO_FRAME }),
      silent: () => this.#connection.reset(),
    });
    this.#connection = new Connection(this.endpoints, new Login(options.identity), {
      opened: (send, login) => {
        this.#opened(send);
        tell(options.onLogin, login);
      },
      frame: (frame) => this.#frame(frame),
      binary: (bytes) => this.#binary(bytes),
      dropped: () => this.#dropped(),
      state: (state) => tell(options.onState, state),
      failed,
      ended: (error) => this.#end(error),
    });
    this.#recipients = {
      outbox: this.#outbox,
      inbox: this.#inbox,
      presence: (event) => tell(options.onPresence, event),
      failed,
    };
    this.presence = new Presence(this.#outbox);
    if (options.onMessage !== undefined) void this.#inbox.consume(options.onMessage);
  }

  /** The identity hash others send to. */
  get hash(): string {
    return this.identity.hash;
  }

  get state(): State {
    return this.#connection.state;
  }

  /**
   * Settles when logged in for the first time; afterwards the client reconnects by itself. Keeps trying while the
   * server is away; rejects when it refuses for good, and when the client ends first.
   */
  connect(): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#ready ??= new Promise((resolve, reject) => {
      this.#settleReady = (error) => (error === undefined ? resolve() : reject(error));
      this.#running = this.#connection.run();
    });
    return this.#ready;
  }

  /**
   * Ends the client. Handled messages are acknowledged first; unanswered sends reject with `closed`, and what the
   * application has not handled comes again to the next client.
   */
  async close(): Promise<void> {
    this.#acks.flush();
    await this.#halt('closed');
  }

  /** Deletes everything the relay keeps of this identity, and ends the client. */
  override async burn(): Promise<void> {
    await super.burn();
    await this.#halt('burned');
  }

  /**
   * Sends `body` (any JSON but null) to an identity hash or an alias. At least once: after a dropped connection
   * an unanswered message is sent again. Rejects with a RelayError, or with the signal's reason.
   */
  async send(to: string, body: unknown, options: SendOptions = {}): Promise<Sent> {
    const { type = 'relay', fragment, signal } = options;
    if (type !== 'relay' && !isSenderType(type)) throw localError('invalid_type', { field: 'type' });
    const id = this.#outbox.nextId();
    const frame = encodeFrame({ type, to, ...fragment, body, id });
    return this.#sent({ id, frame, expects: 'delivery_status', signal });
  }

  /**
   * Sends bytes to an identity hash; at least once. Unlike text they are not padded on their way to the relay:
   * the format has no place for padding that the recipient could tell from the payload. Where the size must not
   * show, the application pads (to 64 bytes less than a multiple of 1536), or sends text.
   */
  async sendBinary(to: string, bytes: Uint8Array): Promise<Sent> {
    if (!isHash(to)) throw new RelayError('ERR_MALFORMED', 'Bytes go to an identity hash.', { field: 'to' });
    const frame = new Uint8Array(BINARY_RECIPIENT_LENGTH + bytes.length);
    if (frame.length > MAX_FRAME) throw localError('too_large', { max: MAX_FRAME });
    new TextEncoder().encodeInto(to, frame);
    frame.set(bytes, BINARY_RECIPIENT_LENGTH);
    return this.#sent({ id: this.#outbox.nextId(), frame, expects: 'relay_success', target: to });
  }

  /** Sends to up to 100 targets in one frame; answers one outcome per target. At least once. */
  async multicast(targets: readonly MulticastTarget[]): Promise<TargetResult[]> {
    const id = this.#outbox.nextId();
    const frame = encodeFrame({ type: 'group_multicast', targets, id });
    const { results } = await this.#outbox.add({
      id,
      frame,
      expects: 'delivery_status',
      cost: targets.length,
    });
    if (results === undefined) throw localError('bad_answer');
    return results;
  }

  /**
   * Sends what is worth something only now: at most once, never stored. Rejects with `ERR_NOT_FOUND` when the
   * recipient is not there, and with `disconnected` when this client is not.
   */
  async sendVolatile(to: string, body: unknown): Promise<void> {
    const id = this.#outbox.nextId();
    const frame = encodeFrame({ type: 'volatile_relay', to, body, id });
    await this.#outbox.add({ id, frame, expects: 'delivery_status', once: true });
  }

  /**
   * Receives what is sent to `alias`, for 30 days; subscribing again renews it. Costs work. An alias that is an
   * identity's hash needs that identity as `proof`. Rejects with `ERR_TAKEN`, and with `disconnected`.
   */
  subscribeAlias(alias: string, proof?: Identity): Promise<void> {
    const { current: endpoint } = this.endpoints;
    return subscribeAlias({ endpoint, identity: this.identity, outbox: this.#outbox, alias, proof });
  }

  /**
   * Messages in order, each once; asking for the next acknowledges the one before. Ends with the client.
   * @throws TypeError when there is an `onMessage` or another iterator
   */
  messages(): AsyncGenerator<Message, void, void> {
    return this.#inbox.messages();
  }

  async #sent(outgoing: Outgoing): Promise<Sent> {
    const { status }: Answer = await this.#outbox.add(outgoing);
    if (status === undefined) throw localError('bad_answer');
    return { status, id: outgoing.id };
  }

  #opened(send: Send): void {
    this.#send = send;
    this.#heartbeat.start();
    this.#outbox.open((frame) => {
      this.#pacing?.touch();
      send(frame);
    });
    this.#settleReady?.();
  }

  #frame(frame: JsonRecord): void {
    this.#heartbeat.heard();
    if (!IDLE_FRAMES.has(frame.type)) this.#pacing?.touch();
    dispatch(frame, this.#recipients);
  }

  #binary(bytes: Uint8Array): void {
    this.#heartbeat.heard();
    this.#pacing?.touch();
    const message = binaryMessage(bytes);
    if (message !== undefined) this.#inbox.receive(message);
    else this.#recipients.failed(localError('bad_answer'));
  }

  #dropped(): void {
    this.#send = undefined;
    this.#heartbeat.stop();
    this.#acks.drop();
    this.#outbox.drop();
  }

  /** Sends a frame that only takes what the rate leaves over: the application's come first. */
  #spare(frame: object): void {
    if (this.#send !== undefined && (this.#rate?.take(1) ?? 0) === 0) this.#send(encodeFrame(frame));
  }

  async #halt(state: FinalState): Promise<void> {
    this.#connection.stop(state);
    this.#end(localError(state));
    await this.#running;
  }

  #end(error: RelayError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#pacing?.stop();
    this.#outbox.close(error);
    this.#inbox.close();
    this.#settleReady?.(error);
  }
}
