import { inspect } from 'node:util';
import type { Clock } from '../../../../platform/clock.js';
import type { Random } from '../../../../platform/random.js';
import { Unavailable } from '../../../../platform/unavailable.js';
import { parseMessageId } from '../message.js';
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
import { Identities } from './identities.js';
import { type Identity, tag } from './identity.js';
import { KeyBundle } from './key-bundle.js';
import { Sweeper } from './sweeper.js';

/** A record with one message takes about 1 KB of heap. */
const MAX_RECORDS = 500_000;

/**
 * The relay's state in this process, gone with it. Each verb runs without yielding, which is what makes it
 * atomic. Records are bounded by number: at the bound `append` answers `full` (scope `memory`), verbs that
 * would create a record reject with `Unavailable`.
 */
export class MemoryRelayStore implements RelayStore {
  readonly #identities: Identities;
  readonly #nicknames: Entries;
  readonly #aliases: Entries;
  readonly #discoverable = new Discoverable();
  readonly #sweeper: Sweeper<Name>;
  readonly #limits: RelayStoreLimits;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(
    limits: RelayStoreLimits,
    sealer: Sealer,
    clock: Clock,
    random: Random,
    maxRecords: number = MAX_RECORDS,
  ) {
    this.#limits = limits;
    this.#clock = clock;
    this.#random = random;
    const nicknames = {
      references: 'nicknames',
      limit: limits.nicknames,
      provenWinsOverProven: false,
    } as const;
    const aliases = { references: 'aliases', limit: limits.aliases, provenWinsOverProven: true } as const;
    this.#nicknames = new Entries(nicknames, sealer);
    this.#aliases = new Entries(aliases, sealer);
    this.#identities = new Identities(limits.ttlMs, maxRecords, clock, random, (identity, holdings) => {
      this.#nicknames.release(identity, holdings);
      this.#aliases.release(identity, holdings);
      this.#discoverable.remove(identity.name);
    });
    this.#sweeper = new Sweeper(clock, this.#identities.records, (name) => void this.#identities.find(name));
  }

  async admit(name: Name, session: NewSession): Promise<Admission | 'owned'> {
    if (session.by === 'work' && this.#identities.find(name)?.owned) return 'owned';
    this.#sweeper.arm();
    const { identity, claimed } =
      session.by === 'key' ? this.#identities.own(name) : { ...this.#identities.serve(name), claimed: false };
    identity.sessions.add(session, this.#limits.sessions);
    return { ...this.#logIn(identity), claimed };
  }

  async resume(name: Name, tokenHash: string): Promise<Resumption | null> {
    const session = this.#identities.find(name)?.sessions.find(tokenHash);
    if (session === undefined) return null;
    const { identity } = this.#identities.serve(name);
    return { ...this.#logIn(identity), by: session.by, expiresAt: session.expiresAt };
  }

  async own(name: Name): Promise<{ claimed: boolean }> {
    this.#sweeper.arm();
    return { claimed: this.#identities.own(name).claimed };
  }

  async isOwned(name: Name): Promise<boolean> {
    return this.#identities.find(name)?.owned ?? false;
  }

  async standing(name: Name): Promise<Standing | null> {
    const identity = this.#identities.find(name);
    if (identity === undefined) return null;
    const { generation, owned, logins } = identity;
    return { generation, owned, login: logins };
  }

  async putBundle(
    name: Name,
    bundle: NewBundle,
  ): Promise<{ stock: number; claimed: boolean; created: boolean }> {
    if (!this.#hasRoomFor(name, bundle)) throw new Unavailable('relay memory');
    this.#sweeper.arm();
    const { holdings, claimed } = this.#identities.own(name);
    const created = holdings.bundle.sealed === null;
    holdings.bundle.replace(bundle);
    this.#identities.recount(holdings);
    if (bundle.discoverable === null) this.#discoverable.remove(name);
    else this.#discoverable.put(name, bundle.discoverable);
    return { stock: holdings.bundle.stocked, claimed, created };
  }

  async takeBundle(name: Name, requester: string, caps: TakeCaps): Promise<TakenBundle | null> {
    const identity = this.#identities.find(name);
    const holdings = identity?.holdings ?? null;
    if (identity === undefined || holdings === null || holdings.bundle.sealed === null) return null;
    const { bundle } = holdings;
    const now = this.#clock.now();
    const preKey = bundle.take(tag(identity, requester), caps, now, this.#limits.spentPreKeys);
    if (preKey !== null) this.#identities.recount(holdings);
    return { sealed: holdings.bundle.sealed, preKey };
  }

  async randomDiscoverable(count: number): Promise<string[]> {
    return this.#discoverable.draw(count, this.#random, (owner) => {
      return this.#identities.find(owner)?.holdings?.bundle.discoverable ?? false;
    });
  }

  async claimNickname(nickname: Name, claim: NicknameClaim): Promise<'ok' | 'taken' | 'limit' | 'owned'> {
    const owner = this.#identities.find(claim.owner);
    if (owner?.owned && !claim.proven) return 'owned';
    if (this.#nicknames.isFullFor(nickname, owner)) return 'limit';
    this.#sweeper.arm();
    return this.#nicknames.claim(nickname, claim, this.#identities);
  }

  async lookupNickname(nickname: Name): Promise<string | null> {
    return this.#nicknames.find(nickname, this.#identities)?.sealed ?? null;
  }

  async claimAlias(alias: Name, { owner, proven }: AliasClaim): Promise<'ok' | 'taken' | 'limit' | 'gone'> {
    const identity = this.#stillThere(owner);
    if (identity === undefined) return 'gone';
    if (this.#aliases.isFullFor(alias, identity)) return 'limit';
    this.#identities.serve(owner.name);
    if (!proven && this.#identities.find(alias)?.owned) return 'taken';
    return this.#aliases.claim(alias, { owner: owner.name, proven, sealed: '' }, this.#identities);
  }

  async route(to: Name): Promise<Name> {
    return this.#recipient(to)?.name ?? to;
  }

  async append(to: Name, message: NewMessage, create: boolean): Promise<Appended | AppendRefusal> {
    const found = this.#recipient(to);
    if (found === undefined && !create) return { status: 'absent' };
    const identity = found ?? this.#identities.draft(to);
    const { stored } = this.#identities;
    const sender = tag(identity, message.sender);
    if (found === undefined && !this.#identities.hasRoomForSenders())
      return { status: 'full', scope: 'memory' };
    const outcome = identity.mailbox.append(message, sender, this.#clock.now(), this.#limits, stored);
    if (typeof outcome === 'string') return { status: 'full', scope: outcome };
    this.#identities.keep(identity);
    this.#sweeper.arm();
    return { status: 'ok', name: identity.name, sequence: outcome };
  }

  async read(
    name: Name,
    after: number,
    count: number,
    bytes: number,
    generation?: string,
  ): Promise<StoredMessage[]> {
    const identity = this.#identities.find(name);
    const same = generation === undefined || identity?.generation === generation;
    return same ? (identity?.mailbox.read(after, count, bytes) ?? []) : [];
  }

  async ack(name: Name, ids: readonly string[]): Promise<number> {
    const identity = this.#identities.find(name);
    if (identity === undefined) return 0;
    this.#identities.renew(identity);
    let removed = 0;
    for (const id of ids) {
      const parsed = parseMessageId(id);
      if (parsed === null) continue;
      if (identity.mailbox.remove(parsed.sequence, parsed.salt, this.#identities.stored)) removed += 1;
    }
    return removed;
  }

  async grant(owner: Owner, peer: Name, sealed: string): Promise<'ok' | 'limit' | 'gone'> {
    if (this.#stillThere(owner) === undefined) return 'gone';
    const { identity, holdings } = this.#identities.serve(owner.name);
    const handle = tag(identity, peer);
    if (holdings.grants.size >= this.#limits.grants && !holdings.grants.has(handle)) return 'limit';
    holdings.grants.set(handle, sealed);
    this.#identities.recount(holdings);
    return 'ok';
  }

  async revoke(owner: Owner, peer: Name): Promise<void> {
    if (this.#stillThere(owner) === undefined) return;
    const { identity, holdings } = this.#identities.serve(owner.name);
    if (holdings.grants.delete(tag(identity, peer))) this.#identities.recount(holdings);
  }

  async granted(owner: Name, peers?: readonly Name[]): Promise<string[]> {
    const identity = this.#identities.find(owner);
    const grants = identity?.holdings?.grants;
    if (identity === undefined || grants === undefined) return [];
    if (peers === undefined) return [...grants.values()];
    return peers.flatMap((peer) => grants.get(tag(identity, peer)) ?? []);
  }

  async burn(name: Name): Promise<void> {
    this.#aliases.erase(name, this.#identities);
    const identity = this.#identities.find(name);
    if (identity !== undefined) this.#identities.drop(identity);
  }

  /** Exact but for what expired and was not swept yet. */
  async totals(): Promise<{ identities: number; messages: number; bytes: number }> {
    const { messages, bytes } = this.#identities.stored;
    return { identities: this.#identities.records.size, messages, bytes };
  }

  healthy(): boolean {
    return true;
  }

  async close(): Promise<void> {
    this.#sweeper.stop();
  }

  /** Everything the store holds, as text: what the test that looks for traces searches. */
  snapshot(): string {
    const state = [
      this.#identities.records,
      this.#nicknames.entries,
      this.#aliases.entries,
      this.#discoverable.shown,
      this.#discoverable.places,
    ];
    return inspect(state, {
      depth: Number.POSITIVE_INFINITY,
      maxArrayLength: Number.POSITIVE_INFINITY,
      maxStringLength: Number.POSITIVE_INFINITY,
    });
  }

  /** The record that a socket logged into, unless that is gone. */
  #stillThere({ name, generation }: Owner): Identity | undefined {
    const identity = this.#identities.find(name);
    return identity?.generation === generation ? identity : undefined;
  }

  #hasRoomFor(name: Name, bundle: NewBundle): boolean {
    const { memoryBytes } = this.#limits;
    const standing = this.#identities.find(name)?.holdings?.bundle ?? new KeyBundle();
    const growth = standing.growth(bundle);
    const { bytes, held } = this.#identities.stored;
    return memoryBytes === 0 || growth <= 0 || bytes + held + growth <= memoryBytes;
  }

  #logIn(identity: Identity): Omit<Admission, 'claimed'> {
    identity.logins += 1;
    identity.mailbox.settle(this.#identities.stored);
    const { logins: login, generation } = identity;
    const keysMissing = (identity.holdings?.bundle.stocked ?? 0) === 0;
    return { login, tail: identity.mailbox.tail, keysMissing, generation };
  }

  /** Who receives what is sent to `to`: a proven alias' owner, an owned name, an alias' owner, a known name. */
  #recipient(to: Name): Identity | undefined {
    const entry = this.#aliases.find(to, this.#identities);
    const own = this.#identities.find(to);
    if (entry === undefined || (own?.owned && !entry.proven)) return own;
    return this.#identities.find(entry.owner);
  }
}
