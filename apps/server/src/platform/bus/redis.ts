import type { RedisConnection } from '../redis/connection.js';
import type { RedisClient, RedisLink } from '../redis/link.js';
import { Unavailable } from '../unavailable.js';
import type { Bus, BusListener } from './bus.js';

/** Before every channel, so that one Redis can serve others as well. */
const PREFIX = 'bp:bus:';
/** Topics subscribed again at once after a drop; pings pass between them. */
const RESUBSCRIBE_AT_ONCE = 500;

/**
 * The bus of several instances over Redis sharded pub/sub (SPUBLISH, SSUBSCRIBE). An instance holds one
 * subscription per topic, however many listeners it has, so that the count a publisher gets is of instances.
 */
export class RedisBus implements Bus {
  readonly #connection: RedisConnection;
  readonly #link: RedisLink;
  readonly #topics = new Map<string, Topic>();
  /** The round of subscribing again that is under way. */
  #round: symbol | null = null;
  #closed = false;

  private constructor(connection: RedisConnection, link: RedisLink) {
    this.#connection = connection;
    this.#link = link;
  }

  /**
   * Publishes on `connection`, which stays its owner's to close, and listens on a duplicate of it.
   * @throws Unavailable when the server is not reached.
   */
  static async open(connection: RedisConnection): Promise<RedisBus> {
    let bus: RedisBus | undefined;
    const link = await connection.duplicate(() => {
      if (bus !== undefined) void bus.#resubscribe();
    });
    bus = new RedisBus(connection, link);
    return bus;
  }

  async publish(topic: string, hint: Buffer): Promise<number> {
    if (this.#closed) throw new Unavailable('the bus');
    return Number(await this.#connection.send(['SPUBLISH', PREFIX + topic, hint]));
  }

  async subscribe(name: string, listener: BusListener): Promise<() => Promise<void>> {
    const topic = this.#topics.get(name) ?? new Topic();
    this.#topics.set(name, topic);
    const subscription = { listener };
    topic.subscriptions.add(subscription);
    const leave = async () => {
      if (topic.subscriptions.delete(subscription)) await this.#settle(name, topic);
    };
    try {
      await this.#settle(name, topic);
    } catch (error) {
      await leave().catch(() => undefined);
      throw error;
    }
    // A subscription that cannot be ended is gone with its connection.
    return () => leave().catch(() => undefined);
  }

  healthy(): boolean {
    return this.#connection.healthy() && this.#link.healthy() && this.#round === null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#link.close();
    for (const topic of this.#topics.values()) topic.subscriptions.clear();
    this.#topics.clear();
  }

  /**
   * Makes Redis know what this topic wants by now. One step of a topic at a time: the client loses a
   * subscription that is made while an earlier one and its end are both still unanswered.
   */
  #settle(name: string, topic: Topic): Promise<void> {
    topic.steps++;
    const step = topic.last.then(() => this.#link.use((client) => this.#tell(client, name, topic)));
    topic.last = step
      .catch(() => undefined)
      .then(() => {
        topic.steps--;
        const idle = topic.steps === 0 && topic.subscriptions.size === 0;
        if (idle && this.#topics.get(name) === topic) this.#topics.delete(name);
      });
    return step;
  }

  async #tell(client: RedisClient, name: string, topic: Topic): Promise<void> {
    const wanted = topic.subscriptions.size > 0;
    const known = topic.knownTo === client;
    if (wanted && !known) {
      await client.sSubscribe(PREFIX + name, this.#deliver, true);
      topic.knownTo = client;
    } else if (!wanted && known) {
      topic.knownTo = null;
      await client.sUnsubscribe(PREFIX + name, this.#deliver, true);
    }
  }

  readonly #deliver = (hint: Buffer, channel: Buffer): void => {
    const topic = this.#topics.get(channel.toString().slice(PREFIX.length));
    if (topic === undefined) return;
    // Not inside the client's parser, which a throwing listener would leave in the middle of a reply.
    queueMicrotask(() => {
      for (const { listener } of topic.subscriptions) listener.onHint(hint);
    });
  };

  /** After a drop: subscribes every topic again and tells its listeners that hints may have passed. */
  async #resubscribe(): Promise<void> {
    const round = Symbol('round');
    this.#round = round;
    const topics = [...this.#topics];
    try {
      for (let from = 0; from < topics.length; from += RESUBSCRIBE_AT_ONCE) {
        const batch = topics.slice(from, from + RESUBSCRIBE_AT_ONCE);
        await Promise.all(batch.map(([name, topic]) => this.#settle(name, topic)));
        if (this.#round !== round) return;
        for (const [, topic] of batch) {
          for (const { listener } of topic.subscriptions) listener.onGap();
        }
      }
    } catch {
      // The link broke again: the next one starts over. Until then the bus is not healthy.
      return;
    }
    this.#round = null;
  }
}

class Topic {
  readonly subscriptions = new Set<{ listener: BusListener }>();
  /** The client on which Redis knows this topic; subscriptions die with their client. */
  knownTo: RedisClient | null = null;
  /** Settles after the last step, whatever its outcome. */
  last: Promise<void> = Promise.resolve();
  /** Steps not yet finished. */
  steps = 0;
}
