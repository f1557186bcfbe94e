import {
  E2EE_AUTH_DEADLINE_MS,
  type E2eeFrameIn,
  type E2eeFrameOut,
  type Ref,
} from '@blindpost/protocol/e2ee';
import { errorBody, type Refusal, refuse } from '@blindpost/protocol/errors';
import type { RawData, WebSocket } from 'ws';
import type { Timer } from '../../../platform/clock.js';
import { bearerToken } from '../../../platform/http/bearer-token.js';
import type { Peer } from '../../../platform/http/sockets.js';
import { isoTime } from '../../../platform/iso-time.js';
import { Unavailable } from '../../../platform/unavailable.js';
import { type Bearer, type Ended, ownerOf } from '../accounts.js';
import { acknowledge } from '../commands/acknowledge.js';
import { keyStatus } from '../commands/fetch-bundle.js';
import { admit, store } from '../commands/send.js';
import type { E2ee } from '../e2ee.js';
import { decodeFrame } from '../frames/decode.js';
import { bundle } from '../store/bundle.js';
import { type Page, pending } from '../store/pending.js';
import { pushedEnvelope } from '../wire/envelope.js';
import { Heartbeat } from './heartbeat.js';
import { Marks } from './marks.js';
import { Outbound } from './outbound.js';
import { Pump } from './pump.js';
import type { Sessions } from './sessions.js';
import { HINT, topicOf } from './topic.js';

/** Frames taken ahead of their turn, and sends on their way to disk; beyond, the socket is not read. */
const INBOX = 64;
const IN_FLIGHT = 64;
/** Before a queue, or a standing, that could not be read is looked at again. */
const RETRY_MS = 1_000;
/** Timers take no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const CLOSE = { goingAway: 1001, policy: 1008, tryAgainLater: 1013 } as const;

/** One socket of a device: its frames in, in order; its queue out, as fast as the peer takes it. */
export class Session {
  readonly #e2ee: E2ee;
  readonly #socket: WebSocket;
  readonly #sessions: Sessions;
  readonly #outbound: Outbound;
  readonly #marks: Marks;
  readonly #heartbeat: Heartbeat;
  #deadline: Timer;
  #bearer: Bearer | null = null;
  #welcome = false;
  #pump: Pump | null = null;
  #unsubscribe: (() => Promise<void>) | null = null;
  #inbox: { data: Buffer; binary: boolean }[] = [];
  #working = false;
  #inFlight = 0;
  #ending = false;
  #resume: (() => void) | null = null;
  #retry: Timer | null = null;

  constructor(e2ee: E2ee, sessions: Sessions, socket: WebSocket, peer: Peer) {
    this.#e2ee = e2ee;
    this.#socket = socket;
    this.#sessions = sessions;
    const snake = peer.query.get('case') === 'snake';
    this.#outbound = new Outbound(socket, e2ee.clock, { snake, drained: () => this.#uncongest() });
    this.#marks = new Marks(e2ee.db, e2ee.clock);
    this.#heartbeat = new Heartbeat(e2ee.clock, socket);
    // A socket that never says who it is would hold its place for nothing.
    this.#deadline = e2ee.clock.after(E2EE_AUTH_DEADLINE_MS, () =>
      this.#refuseAndEnd(refuse('unauthorized', {}, 'No token came in time.')),
    );
    socket.on('message', this.#onMessage);
    // `ws` closes by itself after an error, with the code that says why.
    socket.on('error', () => undefined);
    socket.on('close', this.#onClose);
    const token = bearerToken(peer.authorization);
    if (token !== null) {
      this.#working = true;
      void this.#authenticate(token).finally(() => {
        this.#working = false;
        void this.#work();
      });
    }
  }

  get #device(): string | null {
    return this.#bearer === null ? null : `${this.#bearer.accountId}/${this.#bearer.device}`;
  }

  endIf({ accountId, tokenId }: Ended): void {
    const bearer = this.#bearer;
    if (bearer?.accountId !== accountId || (tokenId !== null && tokenId !== bearer.tokenId)) return;
    this.#refuseAndEnd(refuse('unauthorized', {}, 'The token has ended.'));
  }

  /** Asks again whether the token holds; for when its end may have passed unheard. */
  lookAgain(): void {
    const bearer = this.#bearer;
    if (bearer === null || this.#ending) return;
    this.#e2ee.accounts.stands(bearer).then(
      (stands) => {
        if (!stands) this.#refuseAndEnd(refuse('unauthorized', {}, 'The token has ended.'));
      },
      () => {
        this.#retry = this.#e2ee.clock.after(RETRY_MS, () => this.lookAgain());
      },
    );
  }

  shutDown(): void {
    this.#end(CLOSE.goingAway, 'server shuts down');
  }

  terminate(): void {
    this.#socket.terminate();
  }

  readonly #onMessage = (data: RawData, binary: boolean): void => {
    if (this.#ending || !Buffer.isBuffer(data)) return;
    this.#inbox.push({ data, binary });
    if (this.#inbox.length >= INBOX) this.#socket.pause();
    if (!this.#working) void this.#work();
  };

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
      await this.#take(next.data, next.binary);
      // Who asks faster than the disk writes, or than it reads the answers, waits for itself.
      while (this.#congested() && !this.#ending) {
        await new Promise<void>((resume) => {
          this.#resume = resume;
        });
      }
      if (this.#inbox.length === 0 && this.#socket.isPaused) this.#socket.resume();
    }
    this.#working = false;
  }

  #congested(): boolean {
    return this.#inFlight >= IN_FLIGHT || this.#outbound.full;
  }

  #uncongest(): void {
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }

  async #take(data: Buffer, binary: boolean): Promise<void> {
    const decoded = decodeFrame(data, binary);
    const bearer = this.#bearer;
    if (bearer === null || !this.#welcome) {
      if (decoded.ok && decoded.frame.type === 'auth')
        await this.#authenticate(decoded.frame.data.token, decoded.frame.ref);
      else this.#refuseAndEnd(decoded.ok ? refuse('unauthorized') : decoded.refusal);
      return;
    }
    try {
      const name = this.#e2ee.names.account(bearer);
      const { refusal } = await this.#e2ee.limits.identity(name, this.#e2ee.buckets.requests);
      const ref = decoded.ok ? decoded.frame.ref : decoded.ref;
      if (refusal !== null) this.#refuse(refusal, ref);
      else if (!decoded.ok) this.#refuse(decoded.refusal, ref);
      else await this.#handle(bearer, decoded.frame);
    } catch (error) {
      this.#fail(error, decoded.ok ? decoded.frame.ref : undefined);
    }
  }

  async #handle(bearer: Bearer, frame: E2eeFrameIn): Promise<void> {
    switch (frame.type) {
      case 'auth':
        this.#refuse(
          refuse('invalid_request', { field: 'type' }, 'This socket has a token already.'),
          frame.ref,
        );
        break;
      case 'e2ee.send': {
        const admitted = await admit(this.#e2ee, bearer, frame.data);
        if (!admitted.ok) this.#refuse(admitted, frame.ref);
        // Not awaited: what follows shares its commit. The store keeps the order in which it was asked.
        else
          this.#track(frame.ref, async () => {
            const sent = await store(this.#e2ee, bearer, admitted.outgoing);
            if (sent.ok) this.#send({ type: 'e2ee.sent', ...withRef(frame.ref), data: sent.envelope });
            else this.#refuse(sent, frame.ref);
          });
        break;
      }
      case 'e2ee.ack': {
        const { upTo } = frame.data;
        if (upTo !== undefined) this.#marks.acknowledged(upTo);
        this.#track(frame.ref, async () => {
          const booked = await acknowledge(this.#e2ee, bearer, frame.data);
          if (!booked.ok) this.#refuse(booked, frame.ref);
          else if (frame.ref !== undefined) {
            this.#send({ type: 'e2ee.acked', ref: frame.ref, data: { acknowledged: booked.acknowledged } });
          }
        });
        break;
      }
    }
  }

  #track(ref: Ref | undefined, work: () => Promise<void>): void {
    this.#inFlight += 1;
    work()
      .catch((error: unknown) => this.#fail(error, ref))
      .finally(() => {
        this.#inFlight -= 1;
        this.#uncongest();
      });
  }

  async #authenticate(token: string, ref?: Ref): Promise<void> {
    try {
      const verified = await this.#e2ee.accounts.verify(token);
      if (!verified.ok) this.#refuseAndEnd(verified);
      else if (!this.#ending) await this.#enter(verified.bearer, ref);
    } catch (error) {
      this.#e2ee.log.debug({ err: error }, 'a socket could not be authenticated');
      this.#refuseAndEnd(refuse('unavailable', { retryAfter: 1 }), CLOSE.tryAgainLater);
    }
  }

  async #enter(bearer: Bearer, ref: Ref | undefined): Promise<void> {
    const { accounts, bus, clock, settings } = this.#e2ee;
    this.#bearer = bearer;
    const device = this.#device ?? '';
    if (!this.#sessions.enter(this, device, settings.E2EE_LIMIT_SOCKETS)) {
      const limit = settings.E2EE_LIMIT_SOCKETS;
      const refusal = refuse(
        'rate_limit_exceeded',
        { retryAfter: 30, limit },
        'The device has too many sockets.',
      );
      this.#refuseAndEnd(refusal, CLOSE.tryAgainLater);
      return;
    }
    this.#unsubscribe = await bus.subscribe(topicOf(bearer.accountId), {
      onHint: (hint) => this.#onHint(hint),
      onGap: () => this.#pump?.wake(),
    });
    if (this.#ending) return this.#leaveBus();
    // It may have ended between the look at it and the first end that is heard.
    if (!(await accounts.stands(bearer))) {
      this.#refuseAndEnd(refuse('unauthorized', {}, 'The token has ended.'));
      return;
    }
    if (this.#ending) return;
    this.#deadline.cancel();
    this.#expireAt(bearer.expiresAt);
    this.#welcome = true;
    this.#send({
      type: 'auth.ok',
      ...withRef(ref),
      data: { accountId: bearer.accountId, expiresAt: isoTime(bearer.expiresAt) },
    });
    this.#heartbeat.start();
    this.#pump = new Pump({
      read: (after, take, bytes) =>
        this.#e2ee.db.read(pending, { owner: ownerOf(bearer), after, take, bytes, now: clock.now() }),
      deliver: (page) => this.#deliver(page, bearer),
      caughtUp: () => void this.#caughtUp(bearer),
      failed: (error) => {
        if (this.#ending) return;
        this.#e2ee.log.debug({ err: error }, 'a queue is not readable now');
        this.#retry = clock.after(RETRY_MS, () => this.#pump?.wake());
      },
    });
    this.#pump.wake();
  }

  /** Tells the stock only who has published keys, so that it comes after what waits. */
  async #caughtUp(bearer: Bearer): Promise<void> {
    this.#send({ type: 'e2ee.queue.empty', data: {} });
    try {
      if ((await this.#e2ee.db.read(bundle, ownerOf(bearer))) !== null) await this.#tellStock(bearer);
    } catch (error) {
      this.#e2ee.log.debug({ err: error }, 'a stock of prekeys is not readable now');
    }
  }

  async #tellStock(bearer: Bearer): Promise<void> {
    const status = await keyStatus(this.#e2ee, bearer);
    if (status.low) this.#send({ type: 'e2ee.prekeys.low', data: status });
  }

  async #deliver({ queue, rows }: Page, bearer: Bearer): Promise<void> {
    const [first, last] = [rows[0], rows.at(-1)];
    if (queue === null || first === undefined || last === undefined) return;
    const taken = await this.#outbound.sendAll(
      rows.map((row) => ({ type: 'e2ee.envelope', data: pushedEnvelope(row, bearer.accountId) })),
    );
    if (taken) {
      this.#marks.took(queue, first.sequence, last.sequence);
      return;
    }
    this.#tooSlow();
    throw new Error('the peer does not read');
  }

  #onHint(hint: Buffer): void {
    if (HINT.mail.equals(hint)) this.#pump?.wake();
    else if (HINT.low.equals(hint) && this.#bearer !== null && this.#welcome) {
      this.#tellStock(this.#bearer).catch(() => undefined);
    }
  }

  #expireAt(expiresAt: number): void {
    const { clock } = this.#e2ee;
    const left = Math.max(0, expiresAt - clock.now());
    this.#deadline = clock.after(Math.min(left, LONGEST_TIMER_MS), () => {
      if (clock.now() < expiresAt) this.#expireAt(expiresAt);
      else this.#refuseAndEnd(refuse('unauthorized', {}, 'The token has expired.'));
    });
  }

  #send(frame: E2eeFrameOut): void {
    if (!this.#ending && !this.#outbound.send(frame)) this.#tooSlow();
  }

  #refuse(refusal: Refusal, ref: Ref | undefined): void {
    const data = errorBody(refusal);
    this.#send({ type: 'error', ...withRef(ref), data });
  }

  #fail(error: unknown, ref: Ref | undefined): void {
    if (!(error instanceof Unavailable)) {
      this.#e2ee.log.error({ err: error }, 'a frame failed');
      this.#refuse(refuse('internal_error'), ref);
      return;
    }
    this.#refuse(refuse('unavailable', { retryAfter: 5 }), ref);
  }

  #refuseAndEnd(refusal: Refusal, code: number = CLOSE.policy): void {
    this.#refuse(refusal, undefined);
    this.#end(code, refusal.code);
  }

  #tooSlow(): void {
    this.#end(CLOSE.tryAgainLater, 'too slow');
    // Its buffers are full: the close would wait behind them.
    this.#e2ee.clock.after(RETRY_MS, () => this.#socket.terminate());
  }

  #end(code: number, reason: string): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#inbox = [];
    this.#pump?.stop();
    this.#uncongest();
    this.#socket.close(code, reason);
  }

  #leaveBus(): void {
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = null;
    void unsubscribe?.().catch(() => undefined);
  }

  readonly #onClose = (): void => {
    this.#ending = true;
    this.#inbox = [];
    this.#deadline.cancel();
    this.#retry?.cancel();
    this.#heartbeat.stop();
    this.#pump?.stop();
    this.#marks.flush();
    this.#uncongest();
    this.#leaveBus();
    this.#sessions.leave(this, this.#device);
  };
}

function withRef(ref: Ref | undefined): { ref?: Ref } {
  return ref === undefined ? {} : { ref };
}
