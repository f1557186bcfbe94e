/** Numbered messages: what was accepted, what arrived, and whether the rule "at least once, in order" holds. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { makeIdentity, type TestIdentity } from '@blindpost/testbed/keys';
import type { Wire } from '@blindpost/testbed/wire';
import type { WireFrame, WireSocket } from '@blindpost/testbed/wire-socket';
import { member } from './answers.js';
import { eventually } from './stage.js';

const isMessage = ({ type }: WireFrame) => type === 'msg' || type === 'queued_message';

/** One sender's stream to one recipient. Only what the server acknowledged counts as sent. */
export class Stream {
  readonly accepted: number[] = [];
  readonly #identity = makeIdentity();
  #next = 0;
  #socket: WireSocket | undefined;

  constructor(
    readonly name: string,
    readonly to: string,
  ) {}

  /** Sends `count` messages by the client and waits for their answers; unanswered ones are given up. */
  async send(client: Wire, count: number): Promise<void> {
    const sent: number[] = [];
    try {
      if (this.#socket?.open !== true) this.#socket = await client.login(this.#identity);
      for (; sent.length < count; this.#next += 1) {
        const id = this.#next;
        this.#socket.send({ type: 'relay', to: this.to, body: { stream: this.name, n: id }, id });
        sent.push(id);
      }
      for (const id of sent) {
        const answer = await this.#socket.next((frame) => frame.id === id);
        if (answer.type === 'delivery_status') this.accepted.push(id);
      }
    } catch (error) {
      // Without a connection the numbers in flight are of unknown fate. With one, an answer is owed.
      if (this.#socket?.open === true) throw error;
    }
  }
}

/** The recipient: reads, acks, dies and comes back. */
export class Reader {
  readonly identity: TestIdentity = makeIdentity();
  readonly #arrived = new Map<string, number[]>();
  #token: string | undefined;
  #socket: WireSocket | undefined;

  /** Keeps one socket open until it closes, reading and acking all the time. */
  async attend(client: Wire): Promise<WireSocket> {
    const socket = await this.#login(client);
    void (async () => {
      while (socket.open) this.#take(socket, await socket.next(isMessage));
    })().catch(() => {});
    return socket;
  }

  /** One short life: reads up to `frames` messages, acks some of them, then breaks the connection. */
  async live(client: Wire, frames: number): Promise<void> {
    if (frames === 0) {
      const socket = await client.open();
      socket.send({ type: 'auth', payload: await this.#credentials(client) });
      socket.terminate();
      return;
    }
    const socket = await this.#login(client);
    for (let n = 0; n < frames; n += 1) {
      this.#take(socket, await socket.next(isMessage), randomInt(4) > 0);
    }
    socket.terminate();
    await socket.closed();
  }

  has(stream: Stream): boolean {
    const arrived = new Set(this.#arrived.get(stream.name));
    return stream.accepted.every((n) => arrived.has(n));
  }

  /** Waits for everything accepted, checks that first arrivals keep each sender's order, and leaves. */
  async check(client: Wire, streams: readonly Stream[]): Promise<void> {
    if (this.#socket?.open !== true) await this.attend(client);
    await eventually('every accepted message has arrived', () => streams.every((stream) => this.has(stream)));
    for (const stream of streams) {
      const accepted = new Set(stream.accepted);
      const order = (this.#arrived.get(stream.name) ?? []).filter((n) => accepted.has(n));
      assert.deepEqual(order, stream.accepted, `order of ${stream.name}`);
    }
    this.#socket?.terminate();
    await this.#socket?.closed();
  }

  async #login(client: Wire): Promise<WireSocket> {
    const by = this.#token === undefined ? 'signature' : { token: this.#token };
    const socket = await client.login(this.identity, { by });
    this.#token = socket.token;
    this.#socket = socket;
    return socket;
  }

  #credentials(client: Wire) {
    return client.credentials(
      this.identity,
      this.#token === undefined ? 'signature' : { token: this.#token },
    );
  }

  #take(socket: WireSocket, frame: WireFrame, ack = true): void {
    const name = String(member(frame.payload, 'stream'));
    const n = Number(member(frame.payload, 'n'));
    const arrived = this.#arrived.get(name) ?? [];
    this.#arrived.set(name, arrived);
    if (!arrived.includes(n)) arrived.push(n);
    if (ack && socket.open) socket.send({ type: 'delivery_ack', ids: [frame.id] });
  }
}
