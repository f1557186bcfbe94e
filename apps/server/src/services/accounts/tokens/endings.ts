import type { Bus } from '../../../platform/bus/bus.js';
import type { Clock, Timer } from '../../../platform/clock.js';
import type { Random } from '../../../platform/random.js';
import { uuidBytes, uuidText } from '../../../platform/sql/id.js';
import { Unavailable } from '../../../platform/unavailable.js';

/** Tokens that ended before their time: one, or all of an account. */
export type Ended = {
  readonly accountId: string;
  /** Null for all of the account. */
  readonly tokenId: string | null;
};

/** Told of endings, on whatever instance; null when some may have passed unheard. */
export type EndedListener = (ended: Ended | null) => void;

const TOPIC = 'accounts';
const INSTANCE_BYTES = 8;
const ACCOUNT_BYTES = 16;
const RETRY_MS = 1_000;
/** Endings that wait for the bus. Beyond, other instances learn of them when they next ask the database. */
const WAITING = 10_000;

/** Spreads the news of endings: here at once, to other instances over the bus. */
export class Endings {
  readonly #bus: Bus;
  readonly #clock: Clock;
  /** Marks our own hints, which were heard here already. */
  readonly #instance: Buffer;
  readonly #listeners: EndedListener[] = [];
  #waiting: Buffer[] = [];
  #timer: Timer | null = null;
  #closed = false;
  #unsubscribe = async (): Promise<void> => undefined;

  private constructor(bus: Bus, clock: Clock, random: Random) {
    this.#bus = bus;
    this.#clock = clock;
    this.#instance = Buffer.from(random.hex(INSTANCE_BYTES), 'hex');
  }

  static async open(bus: Bus, clock: Clock, random: Random): Promise<Endings> {
    const endings = new Endings(bus, clock, random);
    endings.#unsubscribe = await bus.subscribe(TOPIC, {
      onHint: (hint) => endings.#hear(hint),
      onGap: () => endings.#notify(null),
    });
    return endings;
  }

  /** Whether news of other instances arrives at this moment. */
  healthy(): boolean {
    return this.#bus.healthy();
  }

  /** Listeners are told in the order they came. */
  onEnded(listener: EndedListener): void {
    this.#listeners.push(listener);
  }

  /** To be called when the ending is on disk; answers when the others were told, or will be later. */
  async tell(ended: Ended): Promise<void> {
    this.#notify(ended);
    await this.#publish(encode(this.#instance, ended));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#waiting = [];
    await this.#unsubscribe();
  }

  async #publish(hint: Buffer): Promise<void> {
    try {
      await this.#bus.publish(TOPIC, hint);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (this.#closed) return;
      if (this.#waiting.length < WAITING) this.#waiting.push(hint);
      this.#timer ??= this.#clock.after(RETRY_MS, () => this.#retry());
    }
  }

  #retry(): void {
    this.#timer = null;
    const hints = this.#waiting;
    this.#waiting = [];
    for (const hint of hints) void this.#publish(hint);
  }

  #hear(hint: Buffer): void {
    if (hint.subarray(0, INSTANCE_BYTES).equals(this.#instance)) return;
    this.#notify(decode(hint));
  }

  #notify(ended: Ended | null): void {
    for (const listener of this.#listeners) listener(ended);
  }
}

function encode(instance: Buffer, { accountId, tokenId }: Ended): Buffer {
  return Buffer.concat([
    instance,
    uuidBytes(accountId) ?? Buffer.alloc(0),
    Buffer.from(tokenId ?? '', 'hex'),
  ]);
}

/** Null for what cannot be read, so that everything is asked again. */
function decode(hint: Buffer): Ended | null {
  const account = hint.subarray(INSTANCE_BYTES, INSTANCE_BYTES + ACCOUNT_BYTES);
  if (account.length < ACCOUNT_BYTES) return null;
  const token = hint.subarray(INSTANCE_BYTES + ACCOUNT_BYTES);
  return { accountId: uuidText(account), tokenId: token.length === 0 ? null : token.toString('hex') };
}
