import { createHmac } from 'node:crypto';
import type { Random } from '../../../../platform/random.js';
import { OVERHEAD } from '../message.js';
import type { Name } from '../store.js';
import { KeyBundle } from './key-bundle.js';
import { Mailbox } from './mailbox.js';
import { Sessions } from './sessions.js';

/**
 * One identity's record. Its fields are plain, not `#private`, here and in its parts: the test that
 * searches the store for traces of a burnt identity must see all of them.
 */
export type Identity = {
  readonly name: Name;
  /** 16 hex, random: entries elsewhere that name this identity are alive while it is the same. */
  generation: string;
  /** Key of the tags in this record, random and kept nowhere else. */
  readonly tagKey: string;
  owned: boolean;
  logins: number;
  /** Renewed by owner and senders alike, so that the owned mark outlives all it guards. */
  expiresAt: number;
  readonly sessions: Sessions;
  readonly mailbox: Mailbox;
  /** Null for a name that strangers write to and nobody has claimed or used yet. */
  holdings: Holdings | null;
};

/** What the owner left; only the owner's own deeds renew it. */
export type Holdings = {
  expiresAt: number;
  /** What these holdings count in the store's bytes. */
  charged: number;
  readonly bundle: KeyBundle;
  /** Sealed peers by their tag. */
  readonly grants: Map<string, string>;
  readonly nicknames: References;
  readonly aliases: References;
};

/** Sealed names of entries that point here, by their tag: what is claimed twice counts once. */
export type References = Map<string, string>;

export function newIdentity(name: Name, random: Random): Identity {
  return {
    name,
    generation: random.hex(8),
    tagKey: random.hex(32),
    owned: false,
    logins: 0,
    expiresAt: 0,
    sessions: new Sessions(),
    mailbox: new Mailbox(),
    holdings: null,
  };
}

export function newHoldings(): Holdings {
  return {
    expiresAt: 0,
    charged: 0,
    bundle: new KeyBundle(),
    grants: new Map(),
    nicknames: new Map(),
    aliases: new Map(),
  };
}

/** Bytes that holdings count against the bound on memory. */
export function weigh({ bundle, grants, nicknames, aliases }: Holdings): number {
  const texts = [grants, nicknames, aliases].flatMap((sealed) => [...sealed.values()]);
  return texts.reduce((sum, text) => sum + text.length + OVERHEAD, bundle.bytes);
}

/** A handle for another party that means nothing outside this record: HMAC-SHA-256 under its own key. */
export function tag(identity: Identity, party: string): string {
  return createHmac('sha256', identity.tagKey).update(party).digest('base64');
}
