import type { Random } from '../../../../platform/random.js';
import type { Name, Sealer } from '../store.js';
import type { Functions } from './functions.js';
import { aliasKey, idKey, nicknameKey, recordKeys } from './keys.js';
import { flag, integer, list, text } from './reply.js';

export type Entry = { owner: Name; generation: string; sealed: string };
export type Claim = {
  owner: Name;
  /** The only generation of the owner's record that may claim; '' for any, and then one is created if need be. */
  generation: string;
  proven: boolean;
  sealed: string;
  mustBeUnowned: boolean;
};

/** Whose entries they are by the names of the library, and how many one owner may have. */
export type Book = { name: 'nicknames' | 'aliases'; limit: number };

/**
 * Names that lead to an identity: nicknames, or aliases. An entry stands in the slot of its name, the
 * reference to it in the slot of its owner, so a claim takes three steps, in an order that survives a crash
 * after any of them: refer (so that a burn finds the entry), seize, confirm (for a burn, or the first claim
 * of ownership, in between). What a
 * crash leaves is a reference to nothing, which the next login clears, or an entry of a dead generation,
 * which reads as absent.
 */
export class Entries {
  constructor(
    private readonly book: Book,
    private readonly functions: Functions,
    private readonly sealer: Sealer,
    private readonly random: Random,
    private readonly ttlMs: number,
  ) {}

  async claim(name: Name, claim: Claim): Promise<'ok' | 'taken' | 'limit' | 'owned' | 'gone'> {
    const sealed = this.sealer.seal(name);
    const referred = await this.#refer(name, claim, sealed);
    if (typeof referred === 'string') return referred;
    const { generation, fresh } = referred;
    if (!(await this.#seize(name, claim, generation))) {
      if (fresh) await this.#unrefer(claim.owner, generation, name, sealed);
      return 'taken';
    }
    const keys = recordKeys(claim.owner);
    const { ttlMs, book } = this;
    const confirmed = this.functions.call('relay_confirm', keys, ttlMs, generation, book.name, name, sealed);
    if (!flag(await confirmed)) await this.drop(name, claim.owner, generation);
    return 'ok';
  }

  /** The sealed text of the entry; null when there is none, or its owner is gone, and then it is erased. */
  async lookup(name: Name): Promise<string | null> {
    const reply = await this.functions.call('relay_entry', [this.#key(name)]);
    if (reply === null) return null;
    const { owner, generation, sealed } = parseEntry(text(reply));
    if (await this.isAlive(owner, generation)) return sealed;
    await this.drop(name, owner, generation);
    return null;
  }

  /** Whether an entry that names this owner and generation still means somebody. */
  async isAlive(owner: Name, generation: string): Promise<boolean> {
    return flag(await this.functions.call('relay_is_alive', [idKey(owner)], generation));
  }

  /** Erases the entry if it is still this owner's. */
  async drop(name: Name, owner: Name, generation: string): Promise<void> {
    await this.functions.call('relay_drop', [this.#key(name)], owner, generation);
  }

  /** Erases the reference to an entry that was displaced or erased. */
  async dereference(name: Name, entry: string): Promise<void> {
    const { owner, generation } = parseEntry(entry);
    await this.#unrefer(owner, generation, name, '');
  }

  /** Erases all that these sealed references mean. */
  async dropAll(owner: Name, generation: string, references: readonly string[]): Promise<void> {
    const names = references.flatMap((sealed) => this.sealer.open(sealed) ?? []);
    await Promise.all(names.map((name) => this.drop(name, owner, generation)));
  }

  /** Renews all that these sealed references mean, and clears those that mean nothing any more. */
  async renewAll(owner: Name, generation: string, references: readonly string[]): Promise<void> {
    await Promise.all(
      references.map(async (sealed) => {
        const name = this.sealer.open(sealed);
        if (name === null) return;
        const kept = await this.functions.call(
          'relay_keep',
          [this.#key(name)],
          this.ttlMs,
          owner,
          generation,
        );
        if (!flag(kept)) await this.#unrefer(owner, generation, name, sealed);
      }),
    );
  }

  async #refer(name: Name, claim: Claim, sealed: string) {
    const reply = await this.functions.call(
      'relay_refer',
      recordKeys(claim.owner),
      this.ttlMs,
      this.random.hex(8),
      this.random.hex(32),
      this.book.name,
      this.book.limit,
      claim.mustBeUnowned,
      name,
      sealed,
      claim.generation,
    );
    const [outcome, generation, fresh] = list(reply);
    if (outcome === 'owned' || outcome === 'limit' || outcome === 'gone') return outcome;
    return { generation: text(generation), fresh: integer(fresh) === 1 };
  }

  /** Whether the entry is the claimant's now. A dead one in the way is replaced. */
  async #seize(name: Name, { owner, proven, sealed }: Claim, generation: string): Promise<boolean> {
    const keys = [this.#key(name), idKey(name)];
    let dead = '';
    // Goes round again only when somebody else claimed and was burnt in between.
    for (;;) {
      const args = [this.ttlMs, this.book.name, owner, generation, proven, sealed, dead];
      const [outcome, entry] = list(await this.functions.call('relay_seize', keys, ...args));
      if (outcome === 'taken') return false;
      if (outcome === 'ok') {
        if (entry !== '') await this.dereference(name, text(entry));
        return true;
      }
      dead = text(entry);
      const standing = parseEntry(dead);
      if (await this.isAlive(standing.owner, standing.generation)) return false;
    }
  }

  async #unrefer(owner: Name, generation: string, name: Name, onlyIf: string): Promise<void> {
    const args = [generation, this.book.name, name, onlyIf];
    await this.functions.call('relay_unrefer', recordKeys(owner), ...args);
  }

  #key(name: Name): string {
    return this.book.name === 'nicknames' ? nicknameKey(name) : aliasKey(name);
  }
}

/** `proven:generation:owner:sealed`, as the library writes it. */
export function parseEntry(entry: string): Entry {
  const [, generation, owner, sealed] = /^\d:([0-9a-f]+):([0-9a-f]+):(.*)$/s.exec(entry) ?? [];
  if (generation === undefined || owner === undefined || sealed === undefined) {
    throw new TypeError('an entry of unknown form');
  }
  return { generation, owner, sealed };
}
