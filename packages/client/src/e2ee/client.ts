import type { ServiceError } from '../errors/service-error.js';
import { tell } from '../events/tell.js';
import type { JsonRecord } from '../json/record.js';
import { sleep } from '../retry/sleep.js';
import { Heartbeat } from '../websocket/heartbeat.js';
import { Acks } from './acks.js';
import { isEnvelope, isPushedEnvelope } from './answers.js';
import { fromWire, toWire } from './bytes.js';
import { Connection, type Send, type State } from './connection.js';
import { ERRORS, errorFromWire } from './errors.js';
import { type CallOptions, type E2eeAccess, E2eeHttp } from './http.js';
import { type EnvelopeHandler, Inbox } from './inbox.js';
import { withMessageId } from './message-id.js';
import { Order } from './order.js';
import { Outbox } from './outbox.js';
import { type PreKeyMaker, Refill } from './refill.js';
import type { Envelope, OutgoingEnvelope } from './types.js';

export interface E2eeClientOptions extends E2eeAccess {
  /** Gets every envelope, one after the other; else use `subscribe`. */
  onEnvelope?: EnvelopeHandler | undefined;
  onState?: (state: State) => void;
  /** What no call could be rejected with: failed attempts to connect, nonsense frames, failed handlers. */
  onError?: (error: ServiceError) => void;
  /** Makes one-time prekeys when few are left. */
  preKeys?: PreKeyMaker;
  /** Unanswered envelopes kept; a send beyond rejects with `outbox_full`. Default 10,000. */
  outbox?: number;
  /** Envelopes sent before the first of them is answered. Default 256. */
  inFlight?: number;
  /** Envelopes waiting for the handler; what goes beyond stays on the server until there is room. Default 256. */
  inbox?: number;
}

/** Patience with a server that does not answer the last acknowledgements. */
const SETTLE_MS = 2_000;
/** Names the frame that asks whether the server is still there. */
const HEARTBEAT = 'heartbeat';

/**
 * One account, live. Connects, logs in and stays connected; stores every envelope sent once; hands every envelope
 * received to the handler once and in the order of its sequence. A process that ends before its last
 * acknowledgements arrived is given those envelopes again when it comes back. The HTTP verbs work without `open`.
 */
export class E2eeClient extends E2eeHttp {
  readonly #options: E2eeClientOptions;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #order: Order;
  readonly #acks: Acks;
  readonly #refill: Refill | undefined;
  readonly #heartbeat: Heartbeat;
  readonly #connection: Connection;
  #send: Send | undefined;
  #running: Promise<void> | undefined;
  #ready: Promise<void> | undefined;
  #settleReady: ((error?: ServiceError) => void) | undefined;
  #ended: ServiceError | undefined;

  /** @throws TypeError when the address is not an http(s) URL */
  constructor(options: E2eeClientOptions) {
    super(options);
    const { outbox = 10_000, inFlight = 256, inbox = 256, onEnvelope, preKeys } = options;
    const failed = (error: ServiceError) => tell(options.onError, error);
    this.#options = options;
    this.#outbox = new Outbox({ capacity: outbox, inFlight });
    this.#acks = new Acks(failed);
    this.#inbox = new Inbox({ capacity: inbox, handled: (envelope) => this.#acks.add(envelope), failed });
    this.#order = new Order({
      inbox: this.#inbox,
      pending: (page) => this.pending(page),
      again: (envelope) => this.#acks.add(envelope),
      startedOver: () => this.#acks.neverByNumber(),
      failed,
    });
    if (preKeys !== undefined) {
      this.#refill = new Refill({
        make: preKeys,
        keyStatus: (call) => this.keyStatus(call),
        uploadKeys: (keys, call) => this.uploadKeys(keys, call),
        failed,
      });
    }
    this.#heartbeat = new Heartbeat({
      // There is no such envelope: answered, and nothing else happens.
      ask: () => this.#send?.(JSON.stringify({ type: 'e2ee.ack', ref: HEARTBEAT, data: { upTo: 0 } })),
      silent: () => this.#connection.reset(),
    });
    this.#connection = new Connection(this.endpoint, this.tokens, {
      opened: (send) => this.#opened(send),
      frame: (frame) => this.#frame(frame),
      dropped: () => this.#dropped(),
      state: (state) => tell(options.onState, state),
      failed,
      ended: (error) => this.#end(error),
    });
    if (onEnvelope !== undefined) this.subscribe(onEnvelope);
  }

  get state(): State {
    return this.#connection.state;
  }

  /**
   * Resolves when logged in for the first time; afterwards the client reconnects by itself. Keeps trying while the
   * server is away; rejects when that refuses the account for good, and when the client ends first.
   */
  open(): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#ready ??= new Promise((resolve, reject) => {
      this.#settleReady = (error) => (error === undefined ? resolve() : reject(error));
      this.#running = this.#connection.run();
    });
    return this.#ready;
  }

  /**
   * Ends the client. What was handled is acknowledged first; unanswered sends reject with `closed`, and what the
   * handler is not done with comes again to the next client.
   */
  async close(): Promise<void> {
    this.#order.close();
    this.#inbox.close();
    this.#refill?.close();
    // A handler that is done in this very turn has yet to say so.
    await sleep(0);
    await atMost(SETTLE_MS, this.#acks.settle());
    this.#connection.stop();
    this.#end(ERRORS.local('closed'));
    await atMost(SETTLE_MS, this.#running);
  }

  /**
   * Hands every envelope to `handler`, in order, and acknowledges it when the handler is done. One that the handler
   * throws on is given to it again, with back-off, and those after it wait.
   * @throws TypeError when there is a handler already
   */
  subscribe(handler: EnvelopeHandler): void {
    this.#inbox.consume(handler);
  }

  /**
   * Stores an envelope for its recipient, over the socket; resolves when it is on disk. What a lost connection left
   * unanswered is sent again under the same `clientMessageId`, so it is stored once. Rejects with the server's
   * refusal, `outbox_full`, `closed`, or the signal's reason; waits while there is no connection.
   */
  override async send(envelope: OutgoingEnvelope, { signal }: CallOptions = {}): Promise<Envelope> {
    return this.#outbox.add(toWire(withMessageId(envelope)), signal);
  }

  #opened(send: Send): void {
    this.#send = send;
    this.#heartbeat.start();
    this.#acks.open(send);
    this.#outbox.open(send);
    this.#refill?.look();
    this.#settleReady?.();
  }

  #frame(frame: JsonRecord): void {
    this.#heartbeat.heard();
    if (!this.#read(frame)) tell(this.#options.onError, ERRORS.badAnswer({ type: frame.type }));
  }

  /** False when a member is missing or of the wrong kind, and for an answer to nothing. */
  #read({ type, ref, data }: JsonRecord): boolean {
    switch (type) {
      case 'e2ee.envelope':
        if (!isPushedEnvelope(data)) return false;
        this.#order.receive(fromWire(data));
        return true;
      case 'e2ee.sent':
        if (isEnvelope(data)) return this.#outbox.answered(ref, fromWire(data));
        return this.#outbox.failed(ref, ERRORS.badAnswer());
      case 'e2ee.acked':
        return ref === HEARTBEAT || this.#acks.answered(ref, data);
      case 'e2ee.queue.empty':
        this.#acks.caughtUp();
        return true;
      case 'e2ee.prekeys.low':
        this.#refill?.look();
        return true;
      case 'error':
        this.#refused(ref, errorFromWire(data));
        return true;
      case 'auth.ok':
        return true;
      default:
        return false;
    }
  }

  #refused(ref: unknown, error: ServiceError): void {
    // The token ended while the frame was on its way: it goes again after the next login.
    if (error.code === 'unauthorized' && ref !== undefined) this.#connection.reset();
    else if (ref === HEARTBEAT || this.#outbox.refused(ref, error) || this.#acks.refused(ref, error)) return;
    else tell(this.#options.onError, error);
  }

  #dropped(): void {
    this.#send = undefined;
    this.#heartbeat.stop();
    this.#acks.drop();
    this.#order.drop();
    this.#outbox.drop();
  }

  #end(error: ServiceError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#order.close();
    this.#inbox.close();
    this.#refill?.close();
    this.#outbox.close(error);
    this.#settleReady?.(error);
  }
}

async function atMost(ms: number, work: Promise<void> | undefined): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, sleep(ms, over.signal)]);
  over.abort();
}
