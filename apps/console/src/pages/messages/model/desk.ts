/** An identity at work: its conversations as the page shows them, kept in step with its mailbox. */
import { createStore, type SetStoreFunction } from 'solid-js/store';
import type { Letter, Line, Mailbox, MailboxListener, Peer, Progress, Sight, Way } from './mailbox.js';
import { Refusal } from './mailbox.js';
import type { Notes, PeerNote } from './notes.js';

/** Letters shown of a conversation at first, and as many more each time they are asked for. */
const PAGE = 100;
/** Letters of which is remembered what the server saw of them. */
const SIGHTS = 1_000;

export interface Conversation extends Peer {
  readonly called: string;
  /** The latest, oldest first. */
  readonly letters: readonly Letter[];
  /** There may be older ones. */
  readonly more: boolean;
  readonly unread: number;
  readonly read: string | null;
}

interface DeskState {
  line: Line;
  /** By the names of their peers. */
  conversations: Record<string, Conversation>;
  /** By the ids of letters: what the server saw, as far as this window has seen them go by. */
  sights: Record<string, Sight | undefined>;
  /** The letter that came last, to be announced. */
  news: Letter | undefined;
}

export class Desk {
  readonly state: DeskState;
  readonly #set: SetStoreFunction<DeskState>;
  readonly #notes: Notes;
  readonly #seen: string[] = [];
  /** What is written and not sent, by name of the peer. */
  readonly drafts = new Map<string, string>();
  #mailbox: Mailbox | undefined;
  /** The conversation that is looked at. */
  #open: string | undefined;
  /** What came before everything was loaded waits. */
  readonly #loaded: Promise<void>;
  #isLoaded: () => void = () => {};

  constructor(notes: Notes) {
    this.#notes = notes;
    [this.state, this.#set] = createStore<DeskState>({
      line: 'connecting',
      conversations: {},
      sights: {},
      news: undefined,
    });
    this.#loaded = new Promise((resolve) => {
      this.#isLoaded = resolve;
    });
  }

  /** What the mailbox is opened with. */
  get listener(): MailboxListener {
    return {
      arrived: (letter) => void this.#loaded.then(() => this.#arrived(letter)),
      progressed: (peer, id, progress) => void this.#loaded.then(() => this.#progressed(peer, id, progress)),
      line: (line) => this.#set('line', line),
      seen: (id, sight) => this.#saw(id, sight),
      changed: (peer) => void this.#loaded.then(() => this.#changed(peer, true)),
    };
  }

  /** Reads what there is. */
  async load(mailbox: Mailbox): Promise<void> {
    this.#mailbox = mailbox;
    const [peers, notes] = await Promise.all([mailbox.peers(), this.#notes.peers()]);
    // Somebody who was added and never written to stands in the notes alone.
    const all = new Map<string, Peer>();
    for (const [name, { address }] of notes) all.set(name, { name, address, changed: false });
    for (const peer of peers) all.set(peer.name, peer);
    for (const peer of all.values()) {
      this.#keep(await this.#conversation(mailbox, peer, notes.get(peer.name), PAGE));
    }
    this.#isLoaded();
  }

  get way(): Way {
    return this.#box.way;
  }

  get address(): string {
    return this.#box.address;
  }

  get frame(): number | null {
    return this.#box.frame;
  }

  /** Whoever wrote last comes first; whoever never wrote stands where it was added. */
  list(): Conversation[] {
    return Object.values(this.state.conversations).sort((a, b) => lastAt(b) - lastAt(a));
  }

  /** Answers the peer's name. @throws Refusal `bad_peer`, `other_way`, `own_address` */
  async add(written: string): Promise<string> {
    const peer = this.#box.read(written);
    const known = this.state.conversations[peer.name];
    if (known !== undefined) return known.name;
    this.#keep({ ...peer, called: '', letters: [], more: false, unread: 0, read: null });
    await this.#note(peer.name);
    return peer.name;
  }

  async call(name: string, called: string): Promise<void> {
    this.#update(name, { called: called.trim() });
    await this.#note(name);
  }

  async send(name: string, text: string): Promise<void> {
    const { address } = this.#known(name);
    try {
      const letter = await this.#box.send(address, text);
      // At once: what becomes of it is told from now on.
      this.#update(name, { letters: placed(this.#known(name).letters, letter) });
      this.#update(name, await this.#present(name));
    } catch (error) {
      if (error instanceof Refusal && error.code === 'identity_changed') this.#changed(name, true);
      throw error;
    }
  }

  /** The conversation that is looked at from now on, whose letters count as read; undefined for none. */
  async look(name: string | undefined): Promise<void> {
    this.#open = name;
    await this.#loaded;
    if (name !== undefined) await this.#readAll(name);
  }

  async earlier(name: string): Promise<void> {
    const { letters, address } = this.#known(name);
    const limit = letters.length + PAGE;
    const found = await this.#box.letters(address, limit);
    this.#update(name, { letters: found, more: found.length === limit });
  }

  safetyNumber(name: string): Promise<string | undefined> {
    return this.#box.safetyNumber(this.#known(name).address);
  }

  /** Takes the peer as it is now. */
  async trust(name: string): Promise<void> {
    await this.#box.trust(name);
    this.#update(name, await this.#present(name));
    await this.#note(name);
  }

  /** Everything of this identity, there and here. */
  async burn(): Promise<void> {
    await this.#box.burn();
    await this.#notes.destroy();
  }

  async close(): Promise<void> {
    await this.#box.close();
    this.#notes.close();
  }

  get #box(): Mailbox {
    if (this.#mailbox === undefined) throw new Refusal('closed');
    return this.#mailbox;
  }

  #known(name: string): Conversation {
    const conversation = this.state.conversations[name];
    if (conversation === undefined) throw new Refusal('unknown_peer');
    return conversation;
  }

  async #conversation(
    mailbox: Mailbox,
    peer: Peer,
    note: PeerNote | undefined,
    limit: number,
  ): Promise<Conversation> {
    const letters = await mailbox.letters(peer.address, limit);
    const read = note?.read ?? null;
    return {
      ...peer,
      called: note?.called ?? '',
      letters,
      more: letters.length === limit,
      unread: unreadOf(letters, read),
      read,
    };
  }

  async #arrived(letter: Letter): Promise<void> {
    const { peer: name } = letter;
    const known = this.state.conversations[name];
    if (known === undefined) {
      const peer = await this.#present(name);
      this.#keep(await this.#conversation(this.#box, peer, undefined, PAGE));
    } else {
      const letters = placed(known.letters, letter);
      this.#update(name, { letters, unread: unreadOf(letters, known.read) });
    }
    // By its place: set as a part, it would be written into the letter that was there before.
    this.#set({ news: letter });
    if (this.#open === name && document.visibilityState === 'visible') await this.#readAll(name);
  }

  #progressed(name: string, id: string, progress: Progress): void {
    const known = this.state.conversations[name];
    if (known === undefined) return;
    const letters = known.letters.map((letter) =>
      letter.id === id && letter.own ? { ...letter, progress } : letter,
    );
    this.#update(name, { letters });
  }

  #changed(name: string, changed: boolean): void {
    if (this.state.conversations[name] !== undefined) this.#update(name, { changed });
  }

  #saw(id: string, sight: Sight): void {
    // Sent once more, it is seen once more.
    if (this.state.sights[id] === undefined) this.#seen.push(id);
    this.#set('sights', id, sight);
    const oldest = this.#seen.length > SIGHTS ? this.#seen.shift() : undefined;
    if (oldest !== undefined) this.#set('sights', oldest, undefined);
  }

  async #readAll(name: string): Promise<void> {
    const known = this.state.conversations[name];
    const last = known?.letters.findLast(({ own }) => !own);
    if (known === undefined || last === undefined || last.id === known.read) return;
    this.#update(name, { read: last.id, unread: 0 });
    await this.#note(name);
  }

  /** The peer as the mailbox knows it now. */
  async #present(name: string): Promise<Peer> {
    const peers = await this.#box.peers();
    return peers.find((peer) => peer.name === name) ?? this.#known(name);
  }

  async #note(name: string): Promise<void> {
    const { address, called, read } = this.#known(name);
    await this.#notes.setPeer(name, { address, called, read });
  }

  #keep(conversation: Conversation): void {
    this.#set('conversations', conversation.name, conversation);
  }

  #update(name: string, part: Partial<Conversation>): void {
    this.#set('conversations', name, part);
  }
}

function lastAt({ letters }: Conversation): number {
  return letters.at(-1)?.at ?? Number.POSITIVE_INFINITY;
}

/** A letter that comes twice stands once. */
function placed(letters: readonly Letter[], letter: Letter): readonly Letter[] {
  return letters.some(({ id, own }) => id === letter.id && own === letter.own)
    ? letters
    : [...letters, letter];
}

/** Letters of the other side after the last that was read. */
function unreadOf(letters: readonly Letter[], read: string | null): number {
  const theirs = letters.filter(({ own }) => !own);
  return theirs.length - 1 - theirs.findLastIndex(({ id }) => id === read);
}
