import type { Random } from '../../../../platform/random.js';
import type {
  Admission,
  AliasClaim,
  Appended,
  AppendRefusal,
  Name,
  NewBundle,
  NewMessage,
  NewSession,
  NicknameClaim,
  Owner,
  RelayStore,
  RelayStoreLimits,
  Resumption,
  Sealer,
  Standing,
  StoredMessage,
  TakeCaps,
  TakenBundle,
} from '../store.js';
import { Discoverable } from './discoverable.js';
import { Entries } from './entries.js';
import { type Argument, type Connection, Functions } from './functions.js';
import { mailKeys, recordKeys } from './keys.js';
import { Mailboxes } from './mailboxes.js';
import { MemoryWatch } from './memory-watch.js';
import { flag, integer, list, text, texts } from './reply.js';
import { RunningTotals } from './totals.js';

/**
 * The relay's state on Redis 7 or newer, shared by all instances. Each verb is one function in the slot of
 * its name; what stands in other slots (nicknames, aliases, decoys) follows in steps of its own.
 */
export class RedisRelayStore implements RelayStore {
  readonly #connection: Connection;
  readonly #limits: RelayStoreLimits;
  readonly #random: Random;
  readonly #functions: Functions;
  readonly #nicknames: Entries;
  readonly #aliases: Entries;
  readonly #discoverable: Discoverable;
  readonly #mailboxes: Mailboxes;
  readonly #memory: MemoryWatch;
  readonly #totals: RunningTotals;

  private constructor(connection: Connection, limits: RelayStoreLimits, sealer: Sealer, random: Random) {
    this.#connection = connection;
    this.#limits = limits;
    this.#random = random;
    const functions = new Functions(connection);
    const book = (name: 'nicknames' | 'aliases') =>
      new Entries({ name, limit: limits[name] }, functions, sealer, random, limits.ttlMs);
    this.#functions = functions;
    this.#nicknames = book('nicknames');
    this.#aliases = book('aliases');
    this.#discoverable = new Discoverable(functions, limits.ttlMs);
    this.#memory = new MemoryWatch(connection, limits.memoryBytes);
    this.#mailboxes = new Mailboxes(connection, functions, this.#aliases, this.#memory, limits, random);
    this.#totals = new RunningTotals(connection);
  }

  /**
   * @param connection must load `RELAY_LIBRARY`; stays the caller's to close
   * @throws Unavailable when Redis does not answer
   */
  static async open(
    connection: Connection,
    limits: RelayStoreLimits,
    sealer: Sealer,
    random: Random,
  ): Promise<RedisRelayStore> {
    const store = new RedisRelayStore(connection, limits, sealer, random);
    await store.#memory.start();
    return store;
  }

  async admit(name: Name, session: NewSession): Promise<Admission | 'owned'> {
    const { by, tokenHash, expiresAt } = session;
    const reply = await this.#serve('relay_admit', name, by, tokenHash, expiresAt, this.#limits.sessions);
    const [outcome, generation, elsewhere, login, tail, missing, planted] = list(reply);
    if (outcome === 'owned') return 'owned';
    const claimed = await this.#erasePlanted(name, list(planted));
    await this.#renewElsewhere(name, text(generation), list(elsewhere));
    return { ...loggedIn(login, tail, missing, generation), claimed };
  }

  async resume(name: Name, tokenHash: string): Promise<Resumption | null> {
    const keys = recordKeys(name);
    const reply = await this.#functions.call('relay_resume', keys, this.#limits.ttlMs, tokenHash);
    if (reply === null) return null;
    const [, generation, elsewhere, login, tail, missing, by, expiresAt] = list(reply);
    await this.#renewElsewhere(name, text(generation), list(elsewhere));
    return {
      ...loggedIn(login, tail, missing, generation),
      by: by === 'key' ? 'key' : 'work',
      expiresAt: integer(expiresAt),
    };
  }

  async own(name: Name): Promise<{ claimed: boolean }> {
    return { claimed: await this.#erasePlanted(name, list(await this.#serve('relay_own', name))) };
  }

  async isOwned(name: Name): Promise<boolean> {
    return flag(await this.#functions.call('relay_is_owned', mailKeys(name)));
  }

  async standing(name: Name): Promise<Standing | null> {
    const reply = await this.#functions.call('relay_standing', mailKeys(name));
    if (reply === null) return null;
    const [generation, owned, login] = list(reply);
    return { generation: text(generation), owned: flag(owned), login: integer(login) };
  }

  async putBundle(
    name: Name,
    bundle: NewBundle,
  ): Promise<{ stock: number; claimed: boolean; created: boolean }> {
    const { sealed, preKeys, discoverable } = bundle;
    const flat = preKeys.flatMap(({ fingerprint, record }) => [fingerprint, record]);
    const reply = await this.#serve('relay_put_bundle', name, sealed, discoverable !== null, ...flat);
    const [stock, planted, created, generation] = list(reply);
    const claimed = await this.#erasePlanted(name, list(planted));
    if (discoverable === null) await this.#discoverable.hide(name, text(generation));
    else await this.#discoverable.show(name, text(generation), discoverable);
    return { stock: integer(stock), claimed, created: flag(created) };
  }

  async takeBundle(name: Name, requester: string, caps: TakeCaps): Promise<TakenBundle | null> {
    const { perRequester, perTarget, windowMs } = caps;
    const args = [requester, perRequester, perTarget, windowMs, this.#limits.spentPreKeys];
    const reply = await this.#functions.call('relay_take_bundle', recordKeys(name), ...args);
    if (reply === null) return null;
    const [sealed, preKey] = list(reply);
    return { sealed: text(sealed), preKey: preKey === null ? null : text(preKey) };
  }

  async randomDiscoverable(count: number): Promise<string[]> {
    return count < 1 ? [] : this.#discoverable.draw(count);
  }

  async claimNickname(nickname: Name, claim: NicknameClaim): Promise<'ok' | 'taken' | 'limit' | 'owned'> {
    const outcome = await this.#nicknames.claim(nickname, {
      ...claim,
      generation: '',
      mustBeUnowned: !claim.proven,
    });
    // Only a claim that names a generation can miss it.
    return outcome === 'gone' ? 'taken' : outcome;
  }

  async lookupNickname(nickname: Name): Promise<string | null> {
    return this.#nicknames.lookup(nickname);
  }

  async claimAlias(alias: Name, claim: AliasClaim): Promise<'ok' | 'taken' | 'limit' | 'gone'> {
    const { owner, proven } = claim;
    const to = { owner: owner.name, generation: owner.generation, proven, sealed: '', mustBeUnowned: false };
    const outcome = await this.#aliases.claim(alias, to);
    return outcome === 'owned' ? 'taken' : outcome;
  }

  async route(to: Name): Promise<Name> {
    return this.#mailboxes.route(to);
  }

  async append(to: Name, message: NewMessage, create: boolean): Promise<Appended | AppendRefusal> {
    return this.#mailboxes.append(to, message, create);
  }

  async read(
    name: Name,
    after: number,
    count: number,
    bytes: number,
    generation?: string,
  ): Promise<StoredMessage[]> {
    return this.#mailboxes.read(name, after, count, bytes, generation);
  }

  async ack(name: Name, ids: readonly string[]): Promise<number> {
    return this.#mailboxes.ack(name, ids);
  }

  async grant({ name, generation }: Owner, peer: Name, sealed: string): Promise<'ok' | 'limit' | 'gone'> {
    const args = [this.#limits.ttlMs, generation, peer, sealed, this.#limits.grants];
    const outcome = await this.#functions.call('relay_grant', recordKeys(name), ...args);
    return outcome === 'limit' || outcome === 'gone' ? outcome : 'ok';
  }

  async revoke({ name, generation }: Owner, peer: Name): Promise<void> {
    await this.#functions.call('relay_revoke', recordKeys(name), this.#limits.ttlMs, generation, peer);
  }

  async granted(owner: Name, peers?: readonly Name[]): Promise<string[]> {
    const args = [peers === undefined, ...(peers ?? [])];
    return texts(await this.#functions.call('relay_granted', recordKeys(owner), ...args));
  }

  async burn(name: Name): Promise<void> {
    const reply = await this.#functions.call('relay_burn', recordKeys(name));
    const [generation, alias, nicknames, aliases] = list(reply);
    const dead = text(generation);
    await Promise.all([
      alias === '' ? null : this.#aliases.dereference(name, text(alias)),
      this.#nicknames.dropAll(name, dead, texts(nicknames)),
      this.#aliases.dropAll(name, dead, texts(aliases)),
      this.#discoverable.hide(name, dead),
    ]);
  }

  /** Estimates, see `RunningTotals`. */
  async totals(): Promise<{ identities: number; messages: number; bytes: number }> {
    return this.#totals.read();
  }

  healthy(): boolean {
    return this.#connection.healthy();
  }

  async close(): Promise<void> {
    this.#memory.stop();
  }

  /** A verb that creates the record if need be: brings the randomness that Redis does not have. */
  #serve(verb: string, name: Name, ...args: Argument[]): Promise<unknown> {
    const born = [this.#random.hex(8), this.#random.hex(32)];
    return this.#functions.call(verb, recordKeys(name), this.#limits.ttlMs, ...born, ...args);
  }

  /** Erases elsewhere what the first claim of ownership ended; answers whether this was that claim. */
  async #erasePlanted(name: Name, planted: readonly unknown[]): Promise<boolean> {
    if (planted.length === 0) return false;
    const [generation, nicknames, aliases] = planted;
    await Promise.all([
      this.#nicknames.dropAll(name, text(generation), texts(nicknames)),
      this.#aliases.dropAll(name, text(generation), texts(aliases)),
    ]);
    return true;
  }

  async #renewElsewhere(name: Name, generation: string, elsewhere: readonly unknown[]): Promise<void> {
    const [nicknames, aliases, shown] = elsewhere;
    await Promise.all([
      this.#nicknames.renewAll(name, generation, texts(nicknames)),
      this.#aliases.renewAll(name, generation, texts(aliases)),
      flag(shown) ? this.#discoverable.showLonger(name, generation) : null,
    ]);
  }
}

function loggedIn(
  login: unknown,
  tail: unknown,
  missing: unknown,
  generation: unknown,
): Omit<Admission, 'claimed'> {
  return {
    login: integer(login),
    tail: integer(tail),
    keysMissing: flag(missing),
    generation: text(generation),
  };
}
