import type { Connection } from './functions.js';
import { ALL_RECORDS, partOf } from './keys.js';
import { list, text, texts } from './reply.js';

export type Totals = { identities: number; messages: number; bytes: number };

/** Keys looked at per call, in steps of `STEP` so that Redis serves others in between. */
const KEYS_PER_CALL = 10_000;
const STEP = 1_000;
const NOTHING: Totals = { identities: 0, messages: 0, bytes: 0 };

/**
 * Counts by walking the keys, because a counter would drift with every key that expires. A call looks at a
 * bounded slice and answers the last complete walk: on a small store each call is a walk, on a large one
 * the answer is some calls old. Before the first walk is complete it answers what was seen so far. Redis
 * may show a key twice while its table grows, so the totals are estimates.
 */
export class RunningTotals {
  #cursor = '0';
  #walk: Totals = NOTHING;
  #last: Totals | null = null;
  #looking: Promise<Totals> | null = null;

  constructor(private readonly connection: Connection) {}

  read(): Promise<Totals> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(): Promise<Totals> {
    for (let seen = 0; seen < KEYS_PER_CALL; seen += STEP) {
      const command = ['SCAN', this.#cursor, 'MATCH', ALL_RECORDS, 'COUNT', String(STEP)];
      const [cursor, keys] = list(await this.connection.send(command));
      await this.#add(texts(keys));
      this.#cursor = text(cursor);
      if (this.#cursor === '0') {
        this.#last = this.#walk;
        this.#walk = NOTHING;
        break;
      }
    }
    return this.#last ?? this.#walk;
  }

  async #add(keys: readonly string[]): Promise<void> {
    const identities = keys.filter((key) => partOf(key) === 'id').length;
    const senders = keys.filter((key) => partOf(key) === 'senders');
    const tallies = await Promise.all(senders.map((key) => this.connection.send(['HGET', key, '*'])));
    const walk = { ...this.#walk, identities: this.#walk.identities + identities };
    for (const tally of tallies) {
      // Emptied since it was listed.
      if (tally === null) continue;
      const [count, bytes] = text(tally).split(':');
      walk.messages += Number(count);
      walk.bytes += Number(bytes);
    }
    this.#walk = walk;
  }
}
