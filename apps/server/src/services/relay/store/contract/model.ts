import type {
  AliasClaim,
  Name,
  NewBundle,
  NewMessage,
  NewSession,
  NicknameClaim,
  Owner,
  RelayStore,
  RelayStoreLimits,
  StoredMessage,
  TakeCaps,
} from '../store.js';

type Person = {
  generation: string;
  owned: boolean;
  logins: number;
  tail: number;
  sessions: NewSession[];
  bundle: NewBundle | null;
  stock: NewBundle['preKeys'][number][];
  spent: string[];
  takes: string[];
  mail: (StoredMessage & { sender: string; size: number })[];
  grants: Map<Name, string>;
};
type Entry = { owner: Name; proven: boolean; sealed: string };
type Book = Map<Name, Entry>;

/**
 * What the store means, written the plainest way: no clock, no secrecy, no care for speed. The adapters
 * must answer as it does.
 */
export class ModelStore implements RelayStore {
  readonly #people = new Map<Name, Person>();
  readonly #nicknames: Book = new Map();
  readonly #aliases: Book = new Map();
  #generations = 0;

  constructor(private readonly limits: RelayStoreLimits) {}

  async admit(name: Name, session: NewSession) {
    if (session.by === 'work' && this.#people.get(name)?.owned) return 'owned';
    const claimed = session.by === 'key' && this.#claim(name);
    const person = this.#person(name);
    person.sessions = person.sessions.filter(({ tokenHash }) => tokenHash !== session.tokenHash);
    person.sessions = [...person.sessions, session].slice(-this.limits.sessions);
    return { ...logIn(person), claimed };
  }

  async resume(name: Name, tokenHash: string) {
    const person = this.#people.get(name);
    const session = person?.sessions.find((open) => open.tokenHash === tokenHash);
    if (person === undefined || session === undefined) return null;
    return { ...logIn(person), by: session.by, expiresAt: session.expiresAt };
  }

  async own(name: Name) {
    return { claimed: this.#claim(name) };
  }

  async isOwned(name: Name) {
    return this.#people.get(name)?.owned ?? false;
  }

  async standing(name: Name) {
    const person = this.#people.get(name);
    if (person === undefined) return null;
    return { generation: person.generation, owned: person.owned, login: person.logins };
  }

  async putBundle(name: Name, bundle: NewBundle) {
    const claimed = this.#claim(name);
    const person = this.#person(name);
    const created = person.bundle === null;
    person.bundle = bundle;
    person.stock = [];
    for (const preKey of bundle.preKeys) {
      const known = person.stock.some(({ fingerprint }) => fingerprint === preKey.fingerprint);
      if (!known && !person.spent.includes(preKey.fingerprint)) person.stock.push(preKey);
    }
    return { stock: person.stock.length, claimed, created };
  }

  async takeBundle(name: Name, requester: string, caps: TakeCaps) {
    const person = this.#people.get(name);
    if (person?.bundle === undefined || person.bundle === null) return null;
    const { sealed } = person.bundle;
    const own = person.takes.filter((take) => take === requester).length;
    if (own >= caps.perRequester || person.takes.length >= caps.perTarget) return { sealed, preKey: null };
    const preKey = person.stock.shift();
    if (preKey === undefined) return { sealed, preKey: null };
    person.takes.push(requester);
    person.spent = [...person.spent, preKey.fingerprint].slice(-this.limits.spentPreKeys);
    return { sealed, preKey: preKey.record };
  }

  async randomDiscoverable(count: number) {
    const all = [...this.#people.values()].flatMap(({ bundle }) => bundle?.discoverable ?? []);
    return all.slice(0, count);
  }

  async claimNickname(nickname: Name, { owner, proven, sealed }: NicknameClaim) {
    if (this.#people.get(owner)?.owned && !proven) return 'owned';
    const standing = this.#nicknames.get(nickname);
    if (this.#isFull(this.#nicknames, this.limits.nicknames, nickname, owner)) return 'limit';
    this.#person(owner);
    if (standing !== undefined && standing.owner !== owner && !(proven && !standing.proven)) return 'taken';
    put(this.#nicknames, nickname, { owner, proven, sealed });
    return 'ok';
  }

  async lookupNickname(nickname: Name) {
    return this.#nicknames.get(nickname)?.sealed ?? null;
  }

  async claimAlias(alias: Name, { owner, proven }: AliasClaim) {
    const standing = this.#aliases.get(alias);
    const { name } = owner;
    if (this.#stillThere(owner) === undefined) return 'gone';
    if (this.#isFull(this.#aliases, this.limits.aliases, alias, name)) return 'limit';
    if (!proven && (this.#people.get(alias)?.owned || (standing && standing.owner !== name))) return 'taken';
    put(this.#aliases, alias, { owner: name, proven, sealed: '' });
    return 'ok';
  }

  async route(to: Name) {
    const entry = this.#aliases.get(to);
    const follows = entry !== undefined && (entry.proven || !this.#people.get(to)?.owned);
    return follows ? entry.owner : to;
  }

  async append(to: Name, message: NewMessage, create: boolean) {
    const name = await this.route(to);
    const person = this.#people.get(name);
    if (person === undefined && !create) return { status: 'absent' } as const;
    const { kind, type, payload, sender, salt } = message;
    const size = payload.length + type.length + 128;
    const mail = person?.mail ?? [];
    const own = mail.filter((queued) => queued.sender === sender);
    const { mailboxMessages, mailboxBytes, senderShare } = this.limits;
    const fits = (queued: typeof mail, share: number) =>
      queued.length + 1 <= share * mailboxMessages && bytesOf(queued) + size <= share * mailboxBytes;
    if (!fits(own, senderShare)) return { status: 'full', scope: 'sender' } as const;
    if (!fits(mail, 1)) return { status: 'full', scope: 'mailbox' } as const;
    const recipient = this.#person(name);
    recipient.tail += 1;
    const sequence = recipient.tail;
    const id = sequence.toString(16).padStart(16, '0') + salt;
    recipient.mail.push({ sequence, id, kind, type, payload, sender, size });
    return { status: 'ok', name, sequence } as const;
  }

  async read(name: Name, after: number, count: number, bytes: number) {
    const messages: StoredMessage[] = [];
    let room = bytes;
    for (const queued of this.#people.get(name)?.mail ?? []) {
      const { sender, size, ...message } = queued;
      if (message.sequence <= after) continue;
      room -= size;
      if (messages.length === count || (room < 0 && messages.length > 0)) break;
      messages.push(message);
    }
    return messages;
  }

  async ack(name: Name, ids: readonly string[]) {
    const person = this.#people.get(name);
    if (person === undefined) return 0;
    const before = person.mail.length;
    person.mail = person.mail.filter(({ id }) => !ids.includes(id));
    return before - person.mail.length;
  }

  async grant(owner: Owner, peer: Name, sealed: string) {
    const grants = this.#stillThere(owner)?.grants;
    if (grants === undefined) return 'gone';
    if (!grants.has(peer) && grants.size >= this.limits.grants) return 'limit';
    grants.set(peer, sealed);
    return 'ok';
  }

  async revoke(owner: Owner, peer: Name) {
    this.#stillThere(owner)?.grants.delete(peer);
  }

  async granted(owner: Name, peers?: readonly Name[]) {
    const grants = this.#people.get(owner)?.grants ?? new Map<Name, string>();
    return [...(peers ?? grants.keys())].flatMap((peer) => grants.get(peer) ?? []);
  }

  async burn(name: Name) {
    this.#people.delete(name);
    this.#aliases.delete(name);
    this.#forgetNames(name);
  }

  async totals() {
    const mail = [...this.#people.values()].flatMap((person) => person.mail);
    return { identities: this.#people.size, messages: mail.length, bytes: bytesOf(mail) };
  }

  healthy(): boolean {
    return true;
  }

  async close(): Promise<void> {}

  #person(name: Name): Person {
    const person = this.#people.get(name) ?? nobody(this.#newGeneration());
    this.#people.set(name, person);
    return person;
  }

  #stillThere({ name, generation }: Owner): Person | undefined {
    const person = this.#people.get(name);
    return person?.generation === generation ? person : undefined;
  }

  #newGeneration(): string {
    this.#generations += 1;
    return `${this.#generations}`;
  }

  #forgetNames(name: Name): void {
    for (const book of [this.#nicknames, this.#aliases]) {
      for (const [entryName, { owner }] of book) if (owner === name) book.delete(entryName);
    }
  }

  #claim(name: Name): boolean {
    const person = this.#person(name);
    if (person.owned) return false;
    person.owned = true;
    person.generation = this.#newGeneration();
    person.sessions = person.sessions.filter(({ by }) => by !== 'work');
    person.grants.clear();
    this.#forgetNames(name);
    return true;
  }

  #isFull(book: Book, limit: number, name: Name, owner: Name): boolean {
    const owned = [...book].filter(([, entry]) => entry.owner === owner);
    return owned.length >= limit && book.get(name)?.owner !== owner;
  }
}

function nobody(generation: string): Person {
  return {
    generation,
    owned: false,
    logins: 0,
    tail: 0,
    sessions: [],
    bundle: null,
    stock: [],
    spent: [],
    takes: [],
    mail: [],
    grants: new Map(),
  };
}

function logIn(person: Person) {
  person.logins += 1;
  const { logins: login, tail, generation } = person;
  return { login, tail, keysMissing: person.stock.length === 0, generation };
}

/** A claim renewed without proof does not lose the proof it had. */
function put(book: Book, name: Name, entry: Entry): void {
  const standing = book.get(name);
  const proven = entry.proven || (standing?.owner === entry.owner && standing.proven);
  book.set(name, { ...entry, proven });
}

function bytesOf(mail: readonly { size: number }[]): number {
  return mail.reduce((sum, { size }) => sum + size, 0);
}
