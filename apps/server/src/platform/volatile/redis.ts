import type { RedisConnection } from '../redis/connection.js';
import { isOutOfMemory } from '../redis/failure.js';
import { Unavailable } from '../unavailable.js';
import type { Bucket, Jail, Taken, Volatile } from './volatile.js';

/**
 * The door's state in Redis, shared by all instances. A verb that is one atomic command is that command,
 * the others are functions of `VOLATILE_LIBRARY`, which the connection must have been opened with. Every
 * key expires, so Redis's own memory is the bound.
 */
export class RedisVolatile implements Volatile {
  readonly #connection: RedisConnection;
  #closed = false;

  /** @param connection stays its owner's to close. */
  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async putSeed(key: string, record: string, ttlMs: number): Promise<boolean> {
    try {
      await this.#redis().send(['SET', seedKey(key), record, 'PX', String(Math.max(1, Math.ceil(ttlMs)))]);
      return true;
    } catch (error) {
      if (isOutOfMemory(error)) return false;
      throw error;
    }
  }

  async spendSeed(key: string): Promise<string | null> {
    const record = await this.#redis().send(['GETDEL', seedKey(key)]);
    return typeof record === 'string' ? record : null;
  }

  async take(
    subject: string,
    { name, capacity, windowMs }: Bucket,
    cost: number,
    jail?: Jail,
  ): Promise<Taken> {
    const terms = [jail?.violations ?? '', jail?.ms ?? ''];
    const args = [name, capacity, windowMs, cost, ...terms].map(String);
    return takenFrom(await this.#redis().call('bp_take', [subjectKey(subject)], args));
  }

  async jailed(subject: string): Promise<number> {
    return Number(await this.#redis().call('bp_jailed', [subjectKey(subject)], []));
  }

  async forget(subject: string): Promise<void> {
    await this.#redis().send(['DEL', subjectKey(subject)]);
  }

  async record(event: string, windowMs: number): Promise<void> {
    await this.#redis().call('bp_record', [eventKey(event, windowMs)], [String(windowMs)]);
  }

  async count(event: string, windowMs: number): Promise<number> {
    return Number(await this.#redis().call('bp_count', [eventKey(event, windowMs)], [String(windowMs)]));
  }

  healthy(): boolean {
    return !this.#closed && this.#connection.healthy();
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #redis(): RedisConnection {
    if (this.#closed) throw new Unavailable('the state of the door');
    return this.#connection;
  }
}

function seedKey(key: string): string {
  return `bp:{${key}}:seed`;
}

function subjectKey(subject: string): string {
  return `bp:{${subject}}:door`;
}

function eventKey(event: string, windowMs: number): string {
  return `bp:{${event}}:events:${windowMs}`;
}

function takenFrom(reply: unknown): Taken {
  const [outcome, amount]: unknown[] = Array.isArray(reply) ? reply : [];
  if (typeof amount === 'number') {
    if (outcome === 'ok') return { outcome, remaining: amount };
    if (outcome === 'limited' || outcome === 'jailed') return { outcome, retryAfterMs: amount };
  }
  throw new TypeError('bp_take answered something else than its contract');
}
