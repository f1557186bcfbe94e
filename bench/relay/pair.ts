import type { Endpoint, EndpointEvents, EndpointOptions } from './endpoint.js';
import { Ledger } from './ledger.js';
import { openRaw } from './raw.js';
import { openSdk } from './sdk.js';

/** Logins under way at once. */
const LOGINS = 32;

/** Two clients: one writes to the other. */
export class Pair {
  /** Of the phase under way. */
  ledger = new Ledger(0, 0);
  /** Called after every answer and every arrival. */
  onProgress: () => void = nothing;
  /** Close codes of connections that ended by themselves. */
  readonly dropped: number[] = [];
  #sequence = 0;
  #sender: Endpoint | null = null;
  #receiver: Endpoint | null = null;

  async open(options: EndpointOptions): Promise<void> {
    const open = options.client === 'sdk' ? openSdk : openRaw;
    const receiver = await open(options, this.#receiving);
    const sender = await open(options, this.#sending);
    sender.address(receiver.hash);
    this.#receiver = receiver;
    this.#sender = sender;
  }

  /** Begins a phase of at most `messages` messages. */
  begin(messages: number): void {
    this.ledger = new Ledger(this.#sequence, messages);
  }

  send(): void {
    this.ledger.sent += 1;
    this.#sender?.send(this.#sequence);
    this.#sequence += 1;
  }

  /** Acknowledges what has arrived. */
  acknowledge(): void {
    this.#receiver?.acknowledge();
  }

  async close(): Promise<void> {
    await Promise.all([this.#sender?.close(), this.#receiver?.close()]);
  }

  readonly #sending: EndpointEvents = {
    received: nothing,
    answered: (refusal) => {
      this.ledger.answer(refusal);
      this.onProgress();
    },
    dropped: (code) => this.dropped.push(code),
  };

  readonly #receiving: EndpointEvents = {
    received: (sequence, sentAt) => {
      this.ledger.receive(sequence, sentAt, performance.now());
      this.onProgress();
    },
    answered: nothing,
    dropped: (code) => this.dropped.push(code),
  };
}

/** Opens `count` pairs, some at a time. */
export async function openPairs(count: number, options: EndpointOptions): Promise<Pair[]> {
  const pairs = Array.from({ length: count }, () => new Pair());
  await inParallel(pairs, LOGINS, (pair) => pair.open(options));
  return pairs;
}

/** Runs `task` on every item, at most `width` at a time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) await task(item, index);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

function nothing(): void {}
