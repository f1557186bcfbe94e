/**
 * The relay's state as the relay's own verbs. Each is atomic for one name; adapters are `memory` and
 * `redis` (≥ 7), held to one contract test. All verbs reject with `Unavailable` when the server behind
 * the store does not answer; refusals are values.
 *
 * A `Name` is a blinded identity hash or alias (HMAC-SHA-256 under a derived secret, 64 lower-case hex).
 * Identities and aliases share one name space, so that one verb in one cluster slot decides where a
 * message goes. `sealed` texts are encrypted by the caller and opaque here, except that `burn` opens the
 * references it wrote itself.
 *
 * What an identity's record holds: a random generation, whether it is owned, sessions, bundle, one-time
 * prekeys, mailbox, quotas, grants, references to its nicknames and aliases. Nothing of another identity
 * stands in it in a derivable form: quotas, grants and references are tagged by HMAC under a random key
 * kept in the record. Burning deletes the record, and with it everything.
 *
 * Work alone lets a stranger into a record that nobody owns. So the first claim of ownership (`claimed`)
 * erases what may have been planted there, sessions admitted by work, grants, aliases and nicknames, and
 * gives the record a new generation, so that sockets admitted before write nothing into it any more. The
 * mailbox stays.
 *
 * What the owner does renews the record and the names that lead to it for `ttlMs`; a message renews only
 * the owned mark and the mailbox it lies in.
 */
export interface RelayStore {
  /** Opens a session by work (refused once the name is owned) or by key (makes the name owned). */
  admit(name: Name, session: NewSession): Promise<Admission | 'owned'>;
  /** Finds a session by its token hash. */
  resume(name: Name, tokenHash: string): Promise<Resumption | null>;
  /** Marks the name owned; `claimed` says it was not before, and what was planted is gone. */
  own(name: Name): Promise<{ claimed: boolean }>;
  isOwned(name: Name): Promise<boolean>;
  /** How the record stands now, null when there is none. Renews nothing. */
  standing(name: Name): Promise<Standing | null>;

  /**
   * Replaces the bundle, and the stock of prekeys by those given here that were never handed out; makes the
   * name owned. `created`: there was no bundle before. In memory it rejects with `Unavailable` where the
   * bundle would pass `memoryBytes`, unless it replaces one at least as large.
   */
  putBundle(name: Name, bundle: NewBundle): Promise<{ stock: number; claimed: boolean; created: boolean }>;
  /** The bundle and, within the caps, one prekey that nobody gets again. Only those handed out count. */
  takeBundle(name: Name, requester: string, caps: TakeCaps): Promise<TakenBundle | null>;
  /** Up to `count` distinct sealed hashes of identities whose signed bundle says discoverable. */
  randomDiscoverable(count: number): Promise<string[]>;

  /**
   * `proven` claims displace unproven ones. Refusals in this order: `owned` (the owner's key was needed),
   * `limit` (too many already), `taken`. A proven claim is to follow `own`, which erases earlier ones.
   */
  claimNickname(nickname: Name, claim: NicknameClaim): Promise<'ok' | 'taken' | 'limit' | 'owned'>;
  /** The sealed entry, null when absent or its owner's generation is dead. */
  lookupNickname(nickname: Name): Promise<string | null>;

  /**
   * Makes messages for `alias` arrive at `owner`. The first subscriber keeps it; a proven claim (signed by
   * the key that the alias is the hash of) wins over anyone; an unproven one on an owned name is `taken`.
   * Refusals in this order: `gone` (the owner's record is not the one it was), `limit`, `taken`.
   */
  claimAlias(alias: Name, claim: AliasClaim): Promise<'ok' | 'taken' | 'limit' | 'gone'>;
  /** Whose mailbox receives what is sent to `to` now: an alias' owner, or `to` itself. */
  route(to: Name): Promise<Name>;

  /**
   * Queues a message in the mailbox that `to` leads to. `absent`: `to` is no identity hash
   * (`create` false) and nobody's alias. A refusal stores nothing and evicts nothing; of several bounds it
   * names the first of sender, mailbox, memory. A message counts its payload, its type and 128 bytes.
   */
  append(to: Name, message: NewMessage, create: boolean): Promise<Appended | AppendRefusal>;
  /**
   * Messages after sequence `after`, in order, at most `count` and `bytes` as counted, but one if there is
   * any. Given a generation, a record of another reads as empty: whoever logged into one that has been
   * claimed or burned since must not read on.
   */
  read(
    name: Name,
    after: number,
    count: number,
    bytes: number,
    generation?: string,
  ): Promise<StoredMessage[]>;
  /** Deletes these messages from this mailbox; answers how many there were. */
  ack(name: Name, ids: readonly string[]): Promise<number>;

  /** Lets `peer` see the owner's presence; `sealed` is the peer's hash. `gone` as for `claimAlias`. */
  grant(owner: Owner, peer: Name, sealed: string): Promise<'ok' | 'limit' | 'gone'>;
  /** Does nothing when the owner's record is not the one it was. */
  revoke(owner: Owner, peer: Name): Promise<void>;
  /** Sealed hashes of the granted peers, of all or of those named. */
  granted(owner: Name, peers?: readonly Name[]): Promise<string[]>;

  /**
   * Erases every trace in one step, with the alias that stands under the name; nickname, alias and
   * discoverable entries elsewhere are gone before it answers.
   */
  burn(name: Name): Promise<void>;

  /** Counts for an operator; an estimate where counting would be dear. */
  totals(): Promise<{ identities: number; messages: number; bytes: number }>;
  healthy(): boolean;
  close(): Promise<void>;
}

export type Name = string;

/**
 * Who a live socket speaks for: the record it logged into. A socket may outlive that record, by a burn or a
 * first claim on another instance, and must then neither create nor touch the next one.
 */
export type Owner = { name: Name; generation: string };

export type Standing = {
  /** 16 hex; another one after a burn and after the first claim of ownership. */
  generation: string;
  owned: boolean;
  /** Number of the newest login, 0 before the first. */
  login: number;
};

export type NewSession = { by: 'work' | 'key'; tokenHash: string; expiresAt: number };

export type Admission = {
  /** Numbers the logins of this record; a newer login closes the sockets of older ones. */
  login: number;
  /** Sequence of the newest message queued before this login; later ones are live. */
  tail: number;
  keysMissing: boolean;
  /** Of the record as this login leaves it. */
  generation: string;
  /** This login made the name owned: sockets admitted by work must go. */
  claimed: boolean;
};
export type Resumption = Omit<Admission, 'claimed'> & { by: 'work' | 'key'; expiresAt: number };

export type NewBundle = {
  sealed: string;
  /** `fingerprint` identifies the key, so that one handed out before is not taken in again. */
  preKeys: readonly { fingerprint: string; record: string }[];
  /** The sealed identity hash if the bundle may be drawn as a decoy. */
  discoverable: string | null;
};
/** They hold for every span of `windowMs`, wherever it begins. */
export type TakeCaps = { perRequester: number; perTarget: number; windowMs: number };
export type TakenBundle = { sealed: string; preKey: string | null };

export type NicknameClaim = { owner: Name; proven: boolean; sealed: string };
export type AliasClaim = { owner: Owner; proven: boolean };

export type NewMessage = {
  kind: MessageKind;
  /** Frame type the recipient sees while live: `msg`, `sealed_message` or the sender's own; ≤ 255 bytes. */
  type: string;
  /** JSON text, or the binary payload. */
  payload: Buffer;
  /** Blinded identity or address of the sender; only its tag under the mailbox's own key is kept. */
  sender: string;
  /** 8 random bytes, hex; with the sequence they make the id unguessable after a burn. */
  salt: string;
};
export type MessageKind = 'text' | 'binary';
export type Appended = { status: 'ok'; name: Name; sequence: number };
export type AppendRefusal = { status: 'absent' } | { status: 'full'; scope: 'sender' | 'mailbox' | 'memory' };
export type StoredMessage = {
  sequence: number;
  /** 32 lower-case hex: sequence (8 bytes, big endian) and the salt. */
  id: string;
  kind: MessageKind;
  type: string;
  payload: Buffer;
};

/** Bounds and lifetimes; see the relay's settings. */
export type RelayStoreLimits = {
  mailboxMessages: number;
  mailboxBytes: number;
  /** Largest share of one mailbox, count or bytes, that one sender may fill (0.2). */
  senderShare: number;
  /**
   * Bytes of all mailboxes together, in memory also of bundles, grants and references; on Redis measured by
   * its own used memory. In memory, mailboxes of names that nobody owns or ever logged into get half of it
   * at most, so that strangers cannot fill it all; Redis does not enforce that. 0 = no bound.
   */
  memoryBytes: number;
  /** Sessions per identity; the oldest goes. */
  sessions: number;
  nicknames: number;
  aliases: number;
  grants: number;
  /** Fingerprints of handed-out prekeys remembered per identity; the oldest goes. */
  spentPreKeys: number;
  /** Life of bundle, mailbox, alias and nickname without renewal. */
  ttlMs: number;
};

/** Opens and seals short texts under a derived key with a random nonce; equal texts seal differently. */
export interface Sealer {
  seal(text: string): string;
  /** Null when the text was not sealed under this key. */
  open(sealed: string): string | null;
}
