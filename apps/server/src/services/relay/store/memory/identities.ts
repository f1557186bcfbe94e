import type { Clock } from '../../../../platform/clock.js';
import type { Random } from '../../../../platform/random.js';
import { Unavailable } from '../../../../platform/unavailable.js';
import type { Name } from '../store.js';
import { type Holdings, type Identity, newHoldings, newIdentity, weigh } from './identity.js';
import type { Occupancy } from './mailbox.js';

/** Share of the records that senders may create; the rest is kept for people who log in. */
const SENDERS_SHARE = 0.75;

/** Erases what stands elsewhere for an identity whose holdings end. */
export type Release = (identity: Identity, holdings: Holdings) => void;

/** The records by name. Looking at one first drops what has expired of it, so nobody reads the dead. */
export class Identities {
  readonly records = new Map<Name, Identity>();
  readonly stored: Occupancy = { messages: 0, bytes: 0, unclaimed: 0, held: 0 };

  constructor(
    private readonly ttlMs: number,
    private readonly maxRecords: number,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly release: Release,
  ) {}

  find(name: Name): Identity | undefined {
    const identity = this.records.get(name);
    if (identity === undefined) return undefined;
    const now = this.clock.now();
    if (identity.expiresAt <= now) {
      this.drop(identity);
      return undefined;
    }
    if (identity.holdings !== null && identity.holdings.expiresAt <= now) this.lapse(identity);
    identity.sessions.expire(now);
    identity.mailbox.expire(now - this.ttlMs, this.stored);
    return identity;
  }

  /**
   * The record for a deed of its owner: created if need be, everything renewed.
   * @throws Unavailable when there are as many records as the process can hold
   */
  serve(name: Name): { identity: Identity; holdings: Holdings } {
    const identity = this.find(name) ?? newIdentity(name, this.random);
    if (!this.records.has(name)) {
      if (this.records.size >= this.maxRecords) throw new Unavailable('relay store');
      this.records.set(name, identity);
    }
    const holdings = identity.holdings ?? newHoldings();
    identity.holdings = holdings;
    this.renew(identity);
    return { identity, holdings };
  }

  /**
   * Serves the name's first claim of ownership, or any later one. At the first, what work alone had opened
   * or planted ends, and with the new generation whatever a socket admitted before still tries to write.
   * @throws Unavailable as `serve`
   */
  own(name: Name): { identity: Identity; holdings: Holdings; claimed: boolean } {
    const { identity } = this.serve(name);
    const claimed = !identity.owned;
    if (claimed) {
      this.lapse(identity);
      identity.generation = this.random.hex(8);
      identity.owned = true;
      identity.sessions.revokeWork();
      identity.mailbox.settle(this.stored);
    }
    return { ...this.serve(name), claimed };
  }

  /** Counts the holdings anew after they changed. */
  recount(holdings: Holdings): void {
    const weight = weigh(holdings);
    this.stored.held += weight - holdings.charged;
    holdings.charged = weight;
  }

  renew(identity: Identity): void {
    identity.expiresAt = this.clock.now() + this.ttlMs;
    if (identity.holdings !== null) identity.holdings.expiresAt = identity.expiresAt;
  }

  /** A record that `keep` will add, if the message it is made for is accepted. */
  draft(name: Name): Identity {
    return newIdentity(name, this.random);
  }

  hasRoomForSenders(): boolean {
    return this.records.size < this.maxRecords * SENDERS_SHARE;
  }

  /** Renews what a sender may renew, the mark and the mailbox, and adds the record if it is a draft. */
  keep(identity: Identity): void {
    identity.expiresAt = this.clock.now() + this.ttlMs;
    if (!this.records.has(identity.name)) this.records.set(identity.name, identity);
  }

  drop(identity: Identity): void {
    this.lapse(identity);
    identity.mailbox.expire(Number.POSITIVE_INFINITY, this.stored);
    this.records.delete(identity.name);
  }

  private lapse(identity: Identity): void {
    if (identity.holdings === null) return;
    this.release(identity, identity.holdings);
    this.stored.held -= identity.holdings.charged;
    identity.holdings = null;
  }
}
