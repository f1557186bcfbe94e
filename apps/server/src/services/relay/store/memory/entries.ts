import type { Name, Sealer } from '../store.js';
import type { Identities } from './identities.js';
import { type Holdings, type Identity, tag } from './identity.js';

export type Entry = { owner: Name; generation: string; proven: boolean; sealed: string };
export type Claim = { owner: Name; proven: boolean; sealed: string };

/** Which of an owner's references belong to a book of entries, and what may displace what in it. */
export type BookRules = {
  references: 'nicknames' | 'aliases';
  /** Entries per owner. */
  limit: number;
  /** Whether a proven claim also displaces a proven entry. */
  provenWinsOverProven: boolean;
};

/** Names that lead to an identity: nicknames, or aliases. An entry whose owner is gone is absent. */
export class Entries {
  readonly entries = new Map<Name, Entry>();

  constructor(
    private readonly rules: BookRules,
    private readonly sealer: Sealer,
  ) {}

  find(name: Name, identities: Identities): Entry | undefined {
    const entry = this.entries.get(name);
    if (entry === undefined) return undefined;
    // An owner whose holdings have lapsed drops its entries while it is looked at.
    const generation = identities.find(entry.owner)?.generation;
    return generation === entry.generation ? this.entries.get(name) : undefined;
  }

  /** Whether one entry more would be too many for this owner. */
  isFullFor(name: Name, owner: Identity | undefined): boolean {
    const references = owner?.holdings?.[this.rules.references];
    if (owner === undefined || references === undefined) return this.rules.limit < 1;
    return references.size >= this.rules.limit && !references.has(tag(owner, name));
  }

  claim(name: Name, claim: Claim, identities: Identities): 'ok' | 'taken' {
    const standing = this.find(name, identities);
    const { identity, holdings } = identities.serve(claim.owner);
    const own = standing?.owner === claim.owner;
    if (standing !== undefined && !own) {
      const displaced = claim.proven && (this.rules.provenWinsOverProven || !standing.proven);
      if (!displaced) return 'taken';
      this.dereference(name, standing, identities);
    }
    this.entries.set(name, {
      owner: claim.owner,
      generation: identity.generation,
      proven: claim.proven || (own && standing.proven),
      sealed: claim.sealed,
    });
    holdings[this.rules.references].set(tag(identity, name), this.sealer.seal(name));
    identities.recount(holdings);
    return 'ok';
  }

  /** Erases the entry that stands under `name`, whoever owns it. */
  erase(name: Name, identities: Identities): void {
    const entry = this.entries.get(name);
    if (entry !== undefined) this.dereference(name, entry, identities);
    this.entries.delete(name);
  }

  /** Erases the entries of an owner whose holdings end. */
  release(identity: Identity, holdings: Holdings): void {
    for (const sealed of holdings[this.rules.references].values()) {
      const name = this.sealer.open(sealed);
      if (name === null) continue;
      const entry = this.entries.get(name);
      // Someone with a proof may have taken the name over since.
      if (entry?.owner === identity.name && entry.generation === identity.generation)
        this.entries.delete(name);
    }
  }

  private dereference(name: Name, entry: Entry, identities: Identities): void {
    const owner = identities.find(entry.owner);
    if (owner === undefined || owner.holdings === null) return;
    owner.holdings[this.rules.references].delete(tag(owner, name));
    identities.recount(owner.holdings);
  }
}
