import type { Duplex } from 'node:stream';
import { errorBody, type Refusal, refuse } from '@blindpost/protocol/errors';
import { AUTH_DEADLINE_MS, type ClientId, type FrameOut } from '@blindpost/protocol/relay';
import type { RawData, WebSocket } from 'ws';
import type { Timer } from '../../../platform/clock.js';
import type { Peer } from '../../../platform/http/sockets.js';
import { encodeBinary, encodeFrame, encodeJson, encodeText, type OutFrame } from '../frames/encode.js';
import type { Relay } from '../relay.js';
import { Dummies } from './dummies.js';
import { decodeHint, topicOf } from './hint.js';
import { type Member, stands } from './member.js';
import { CLOSE, Outbound } from './outbound.js';
import { OwedAcks } from './owed-acks.js';
import { Jitter } from './pacing.js';
import { Pump } from './pump.js';

/** Frames taken from the socket ahead of their turn; beyond, the socket is not read. */
const INBOX = 32;

/** Before a mailbox or a standing that could not be read is looked at again. */
const RETRY_MS = 1_000;

/** Takes one frame; what it returns has been answered. */
export type FrameHandler = (session: Session, data: Buffer, binary: boolean) => Promise<void>;

/** One socket: frames in, one at a time and in order; frames out at the profile's times. */
export class Session {
  readonly peer: Peer;
  readonly #relay: Relay;
  readonly #socket: WebSocket;
  readonly #handle: FrameHandler;
  readonly #outbound: Outbound;
  readonly #dummies: Dummies;
  #inbox: { data: Buffer; binary: boolean }[] = [];
  #working = false;
  #ending = false;
  #deadline: Timer | null;
  #member: Member | null = null;
  #pump: Pump | null = null;
  #acks: OwedAcks | null = null;
  #unsubscribe: (() => Promise<void>) | null = null;
  #resume: (() => void) | null = null;

  constructor(relay: Relay, socket: WebSocket, wire: Duplex, peer: Peer, handle: FrameHandler) {
    this.peer = peer;
    this.#relay = relay;
    this.#socket = socket;
    this.#handle = handle;
    this.#outbound = new Outbound(socket, wire, relay.clock, new Jitter(relay.random), this.#onDrain);
    this.#dummies = new Dummies(relay.clock, () =>
      this.#outbound.push(encodeFrame({ type: 'dummy_pacing' })),
    );
    // A socket that never says who it is would hold its place for nothing.
    this.#deadline = relay.clock.after(AUTH_DEADLINE_MS, () =>
      this.refuseAndEnd(refuse('ERR_UNAUTHORIZED'), 'not authenticated in time'),
    );
    socket.on('message', this.#onMessage);
    // `ws` closes by itself after an error, with the code that says why.
    socket.on('error', () => undefined);
    socket.on('close', this.#onClose);
  }

  get member(): Member | null {
    return this.#member;
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  get closed(): boolean {
    return this.#socket.readyState === this.#socket.CLOSED;
  }

  /** @param atLeast smallest size on the wire, bytes */
  send(frame: FrameOut, atLeast = 0): void {
    this.#push(encodeFrame(frame, atLeast));
  }

  /** An answer to a dummy, which must not itself count as traffic. */
  sendDummy(frame: FrameOut, atLeast: number): void {
    this.#outbound.push(encodeFrame(frame, atLeast));
  }

  refuse(refusal: Refusal, id?: ClientId): void {
    this.send({ type: 'error', ...errorBody(refusal), ...(id === undefined ? {} : { id }) });
  }

  /** A refusal after which the socket closes. */
  refuseAndEnd(refusal: Refusal, reason: string): void {
    this.end(CLOSE.policy, reason, encodeFrame({ type: 'error', ...errorBody(refusal) }));
  }

  /** Speaks for `member` from now on, and hears what concerns it; nothing flows before `welcome`. */
  async listen(member: Member): Promise<void> {
    this.#member = member;
    this.#unsubscribe = await this.#relay.bus.subscribe(topicOf(member.name), {
      onHint: (hint) => this.#onHint(hint),
      onGap: () => void this.#onGap(),
    });
    if (!this.open) await this.#leave();
  }

  async #leave(): Promise<void> {
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = null;
    await unsubscribe?.().catch(() => undefined);
  }

  /** The same login under a newer number. */
  renumber(login: number): void {
    if (this.#member !== null) this.#member = { ...this.#member, login };
  }

  /** Frees messages of the member's own mailbox; how many. */
  async acknowledge(ids: readonly string[]): Promise<number> {
    return (await this.#acks?.acknowledge(ids)) ?? 0;
  }

  /** The login is done: sends its answer, then the mailbox begins to flow. */
  welcome(first: FrameOut): void {
    const member = this.#member;
    if (this.#ending || member === null) return;
    this.#deadline?.cancel();
    this.#deadline = null;
    this.send(first);
    this.#acks = new OwedAcks(this.#relay.store, this.#relay.clock, member.name);
    const bare = this.#relay.settings.RELAY_COMPAT_BINARY;
    this.#pump = new Pump(this.#relay.store, member, {
      full: () => this.#outbound.full || this.#ending,
      deliver: (message) =>
        this.#push(
          message.kind === 'binary'
            ? encodeBinary(message, bare)
            : encodeText(message, message.sequence <= member.tail),
        ),
      failed: (error) => {
        this.#relay.log.debug({ err: error }, 'mailbox not readable now');
        this.#relay.clock.after(RETRY_MS, () => this.#pump?.wake());
      },
    });
    this.#pump.wake();
  }

  /** Sends what is queued and closes. Frames not yet looked at are dropped. */
  end(code: number, reason: string, last?: OutFrame): void {
    this.#ending = true;
    this.#inbox = [];
    this.#pump?.stop();
    this.#outbound.finish(code, reason, last);
  }

  /** For shutdown: finishes the frame in hand, then closes; what was not looked at was not acknowledged. */
  async shutDown(): Promise<void> {
    this.#socket.pause();
    this.#inbox = [];
    while (this.#working && !this.closed) await new Promise((done) => setTimeout(done, 5));
    this.#socket.resume();
    this.end(CLOSE.shutdown, 'server shuts down');
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #push(frame: OutFrame): void {
    this.#dummies.touch();
    this.#outbound.push(frame);
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
      await this.#handle(this, next.data, next.binary);
      // A peer that asks faster than it reads answers waits for itself.
      if (this.#outbound.full && !this.closed) await new Promise<void>((resume) => (this.#resume = resume));
      if (this.#inbox.length === 0 && this.#socket.isPaused) this.#socket.resume();
    }
    this.#working = false;
  }

  readonly #onDrain = (): void => {
    this.#resume?.();
    this.#resume = null;
    this.#pump?.wake();
  };

  #onHint(bytes: Buffer): void {
    const hint = decodeHint(bytes);
    const member = this.#member;
    if (member === null) return;
    switch (hint?.kind) {
      case 'mail':
        this.#pump?.wake();
        break;
      case 'login':
        if (hint.login > member.login) this.end(CLOSE.policy, 'replaced');
        break;
      case 'owned':
        if (member.by === 'work') this.end(CLOSE.policy, 'owned by its key');
        break;
      case 'burned':
        this.end(CLOSE.policy, 'burned');
        break;
      case 'frame':
        // Others choose to send these, so they must never be what cuts this peer off.
        if (this.#pump !== null && !this.#outbound.full) this.#push(encodeJson(hint.json.toString('utf8')));
        break;
    }
  }

  /** Hints may have passed unheard: mail, but also the owner's arrival or a burn. */
  async #onGap(): Promise<void> {
    const member = this.#member;
    if (member === null) return;
    try {
      if (await stands(this.#relay.store, member)) this.#pump?.wake();
      else this.end(CLOSE.policy, 'revoked');
    } catch {
      this.#relay.clock.after(RETRY_MS, () => {
        if (!this.#ending) void this.#onGap();
      });
    }
  }

  readonly #onClose = (): void => {
    this.#ending = true;
    this.#inbox = [];
    this.#deadline?.cancel();
    this.#dummies.stop();
    this.#pump?.stop();
    this.#acks?.stop();
    this.#outbound.dispose();
    this.#onDrain();
    void this.#leave();
  };
}
