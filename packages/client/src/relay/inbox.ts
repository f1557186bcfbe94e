import { Queue } from '../delivery/queue.js';
import { Seen } from '../delivery/seen.js';
import { localError, type RelayError } from './errors.js';
import type { Message } from './message.js';

export interface InboxOptions {
  /** Messages that may wait for the application. */
  capacity: number;
  /** Ids remembered, so that what comes again is not handed over again. */
  remember: number;
  /** Tells the relay that a message may be deleted. */
  acknowledge: (id: string) => void;
  failed: (error: RelayError) => void;
}

export type MessageHandler = (message: Message) => void | Promise<void>;

/**
 * Turns at-least-once into once: a message is handed over one time in this client's life, in the order of
 * arrival, and acknowledged only after the application is done with it. One that comes again is acknowledged
 * again, because its first acknowledgement may have been lost with the connection.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #queue = new Queue<Message>();
  readonly #seen: Seen;
  /** Waiting or in the application's hands: not to be acknowledged yet. */
  readonly #unhandled = new Set<string>();
  #waiter: ((message: Message | undefined) => void) | undefined;
  #consumed = false;
  #closed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#seen = new Seen(options.remember);
  }

  receive(message: Message): void {
    if (this.#closed) return;
    const { id, volatile } = message;
    if (!volatile && this.#unhandled.has(id)) return;
    if (!volatile && this.#seen.has(id)) {
      this.#options.acknowledge(id);
    } else if (this.#queue.size >= this.#options.capacity) {
      // Not remembered and not acknowledged: the relay keeps it and sends it on the next connection.
      this.#options.failed(localError('inbox_full'));
    } else {
      if (!volatile) {
        this.#seen.add(id);
        this.#unhandled.add(id);
      }
      this.#hand(message);
    }
  }

  /** Hands every message to `handler`, one after the other, until the inbox closes. */
  async consume(handler: MessageHandler): Promise<void> {
    this.#claim();
    for (let message = await this.#next(); message !== undefined; message = await this.#next()) {
      try {
        await handler(message);
        this.#handled(message);
      } catch (cause) {
        this.#abandoned(message);
        this.#options.failed(localError('handler_failed', {}, cause));
      }
    }
  }

  /** Messages one after the other; asking for the next acknowledges the one before. Ends when the inbox closes. */
  async *messages(): AsyncGenerator<Message, void, void> {
    this.#claim();
    try {
      for (let message = await this.#next(); message !== undefined; message = await this.#next()) {
        let handled = false;
        try {
          yield message;
          handled = true;
        } finally {
          if (handled) this.#handled(message);
          else this.#abandoned(message);
        }
      }
    } finally {
      this.#consumed = false;
    }
  }

  /** Ends the consumer. What was not handled is not acknowledged, so it comes again to the next client. */
  close(): void {
    this.#closed = true;
    this.#queue.replace([]);
    this.#waiter?.(undefined);
    this.#waiter = undefined;
  }

  /** Two consumers would each see half of the messages. */
  #claim(): void {
    if (this.#consumed) throw new TypeError('the messages of this client already have a consumer');
    this.#consumed = true;
  }

  #hand(message: Message): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter === undefined) this.#queue.push(message);
    else waiter(message);
  }

  #next(): Message | Promise<Message | undefined> | undefined {
    if (this.#closed) return undefined;
    return (
      this.#queue.shift() ??
      new Promise((resolve) => {
        this.#waiter = resolve;
      })
    );
  }

  #handled(message: Message): void {
    if (message.volatile) return;
    this.#unhandled.delete(message.id);
    this.#options.acknowledge(message.id);
  }

  /** Forgotten, so that it is handed over when it comes again. */
  #abandoned(message: Message): void {
    this.#unhandled.delete(message.id);
    this.#seen.delete(message.id);
  }
}
