import { inspect } from 'node:util';
import type { Clock } from '../../../../platform/clock.js';
import type { Random } from '../../../../platform/random.js';
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
  RelayStore,
  RelayStoreLimits,
  Resumption,
  Sealer,
  StoredMessage,
  TakeCaps,
  TakenBundle,
} from '../store.js';
import { Discoverable } from './discoverable.js';
import { Entries } from './entries.js';
import { Identities } from './identities.js';
import { type Identity, tag } from './identity.js';
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
    const identity = this.#serve(name).identity;
    const claimed = session.by === 'key' && claimOwnership(identity);
    identity.sessions.add(session, this.#limits.sessions);
    return { ...logIn(identity), claimed };
  }

  async resume(name: Name, tokenHash: string): Promise<Resumption | null> {
    const session = this.#identities.find(name)?.sessions.find(tokenHash);
    if (session === undefined) return null;
    const { identity } = this.#serve(name);
    return { ...logIn(identity), by: session.by, expiresAt: session.expiresAt };
  }

  async own(name: Name): Promise<{ claimed: boolean }> {
    return { claimed: claimOwnership(this.#serve(name).identity) };
  }

  async isOwned(name: Name): Promise<boolean> {
    return this.#identities.find(name)?.owned ?? false;
  }

  async putBundle(
    name: Name,
    bundle: NewBundle,
  ): Promise<{ stock: number; claimed: boolean; created: boolean }> {
    const { identity, holdings } = this.#serve(name);
    const claimed = claimOwnership(identity);
    const created = holdings.bundle.sealed === null;
    holdings.bundle.replace(bundle);
    if (bundle.discoverable === null) this.#discoverable.remove(name);
    else this.#discoverable.put(name, bundle.discoverable);
    return { stock: holdings.bundle.stocked, claimed, created };
  }

  async takeBundle(name: Name, requester: string, caps: TakeCaps): Promise<TakenBundle | null> {
    const identity = this.#identities.find(name);
    const bundle = identity?.holdings?.bundle;
    if (identity === undefined || bundle === undefined || bundle.sealed === null) return null;
    const now = this.#clock.now();
    const preKey = bundle.take(tag(identity, requester), caps, now, this.#limits.spentPreKeys);
    return { sealed: bundle.sealed, preKey };
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

  async claimAlias(alias: Name, claim: AliasClaim): Promise<'ok' | 'taken' | 'limit'> {
    if (this.#aliases.isFullFor(alias, this.#identities.find(claim.owner))) return 'limit';
    this.#serve(claim.owner);
    if (!claim.proven && this.#identities.find(alias)?.owned) return 'taken';
    return this.#aliases.claim(alias, { ...claim, sealed: '' }, this.#identities);
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

  async read(name: Name, after: number, count: number, bytes: number): Promise<StoredMessage[]> {
    return this.#identities.find(name)?.mailbox.read(after, count, bytes) ?? [];
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

  async grant(owner: Name, peer: Name, sealed: string): Promise<'ok' | 'limit'> {
    const { identity, holdings } = this.#serve(owner);
    const handle = tag(identity, peer);
    if (holdings.grants.size >= this.#limits.grants && !holdings.grants.has(handle)) return 'limit';
    holdings.grants.set(handle, sealed);
    return 'ok';
  }

  async revoke(owner: Name, peer: Name): Promise<void> {
    const identity = this.#identities.find(owner);
    if (identity === undefined) return;
    this.#identities.renew(identity);
    identity.holdings?.grants.delete(tag(identity, peer));
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
    return { identities: this.#identities.records.size, ...this.#identities.stored };
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

  /** A deed of the owner: finds or creates the record and renews all of it. */
  #serve(name: Name) {
    this.#sweeper.arm();
    return this.#identities.serve(name);
  }

  /** Who receives what is sent to `to`: a proven alias' owner, an owned name, an alias' owner, a known name. */
  #recipient(to: Name): Identity | undefined {
    const entry = this.#aliases.find(to, this.#identities);
    const own = this.#identities.find(to);
    if (entry === undefined || (own?.owned && !entry.proven)) return own;
    return this.#identities.find(entry.owner);
  }
}

/** Whether the name had no owner before; if so, what work alone had opened ends. */
function claimOwnership(identity: Identity): boolean {
  if (identity.owned) return false;
  identity.owned = true;
  identity.sessions.revokeWork();
  return true;
}

function logIn(identity: Identity): Omit<Admission, 'claimed'> {
  identity.logins += 1;
  const keysMissing = (identity.holdings?.bundle.stocked ?? 0) === 0;
  return { login: identity.logins, tail: identity.mailbox.tail, keysMissing };
}
