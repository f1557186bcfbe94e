import type { Chat, ChatMessage } from '@blindpost/client/chat';
import {
  type Letter,
  type Line,
  type Mailbox,
  type MailboxListener,
  type Peer,
  Refusal,
  type Way,
} from './mailbox.js';

/** Letters kept of each peer. */
const KEPT = 1_000;

const HASH = /^[0-9a-f]{64}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The way that an address belongs to; undefined for what is no address. */
export function wayOf(address: string): Way | undefined {
  const [name = '', hash, more] = address.split('#');
  if (hash === undefined && HASH.test(name)) return 'relay';
  if (UUID.test(name) && (hash === undefined || HASH.test(hash)) && more === undefined) return 'e2ee';
  return undefined;
}

/**
 * Opens the chat that is kept under this name, or makes one. It answers before there is a connection, so that what
 * is kept can be read while the server is away; a new account needs the server.
 */
export async function openMailbox(name: string, way: Way, listener: MailboxListener): Promise<Mailbox> {
  return refusing(async () => {
    // Sessions and stores are dear; nobody loads them who has no identity.
    const [{ Chat }, { IndexedDbStore }, { FRAME_SIZE }] = await Promise.all([
      import('@blindpost/client/chat'),
      import('@blindpost/client/stores/indexeddb'),
      import('@blindpost/protocol/relay'),
    ]);
    const store = await IndexedDbStore.open(name);
    const chat = await Chat.open({
      url: location.origin,
      via: way,
      store,
      history: KEPT,
      offline: true,
      onMessage: (message) => listener.arrived(letterOf(message)),
      onState: ({ peer, id, state }) => listener.progressed(nameOf(peer), id, state),
      onConnection: (state) => listener.line(lineOf(state)),
      onWire: ({ message, ...sight }) => {
        if (message !== null) listener.seen(message, sight);
      },
      onError: (error) => {
        const peer = codeOf(error) === 'identity_changed' ? peerOf(error) : undefined;
        if (peer !== undefined) listener.changed(nameOf(peer));
      },
    });
    return new ChatMailbox(chat, way === 'relay' ? FRAME_SIZE : null);
  });
}

/** Deletes what is kept under this name, of a chat that could not be made. */
export function discardMailbox(name: string): Promise<void> {
  return refusing(async () => {
    const { IndexedDbStore } = await import('@blindpost/client/stores/indexeddb');
    await (await IndexedDbStore.open(name)).destroy();
  });
}

class ChatMailbox implements Mailbox {
  readonly frame: number | null;
  readonly #chat: Chat;

  constructor(chat: Chat, frame: number | null) {
    this.#chat = chat;
    this.frame = frame;
  }

  get way(): Way {
    return this.#chat.via;
  }

  get address(): string {
    return this.#chat.address;
  }

  read(written: string): Peer {
    const address = written.trim().toLowerCase();
    const way = wayOf(address);
    if (way === undefined) throw new Refusal('bad_peer');
    if (way !== this.way) throw new Refusal('other_way');
    const name = nameOf(address);
    if (name === nameOf(this.address)) throw new Refusal('own_address');
    return { name, address, changed: false };
  }

  peers(): Promise<Peer[]> {
    return refusing(async () =>
      (await this.#chat.peers()).map(({ peer, changed }) => ({ name: nameOf(peer), address: peer, changed })),
    );
  }

  letters(address: string, limit: number): Promise<Letter[]> {
    return refusing(async () => (await this.#chat.history(address, { limit })).map(letterOf));
  }

  send(address: string, text: string): Promise<Letter> {
    return refusing(async () => letterOf(await this.#chat.send(address, text)));
  }

  async safetyNumber(address: string): Promise<string | undefined> {
    try {
      return await this.#chat.safetyNumber(address);
    } catch (error) {
      if (codeOf(error) === 'unknown_peer') return undefined;
      throw new Refusal(codeOf(error), error);
    }
  }

  trust(address: string): Promise<void> {
    return refusing(() => this.#chat.trust(address));
  }

  burn(): Promise<void> {
    return refusing(() => this.#chat.burn());
  }

  close(): Promise<void> {
    return refusing(() => this.#chat.close());
  }
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(codeOf(error), error);
  }
}

function letterOf({ id, peer, direction, text, at, state }: ChatMessage): Letter {
  return { id, peer: nameOf(peer), own: direction === 'out', text, at, progress: state };
}

function nameOf(address: string): string {
  return address.split('#')[0] ?? address;
}

function lineOf(state: string): Line {
  if (state === 'open') return 'open';
  if (state === 'connecting' || state === 'idle') return 'connecting';
  return state === 'waiting' ? 'waiting' : 'ended';
}

/** Every error of the SDK has a code. */
function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}

function peerOf(error: Error): string | undefined {
  const details: unknown = 'details' in error ? error.details : undefined;
  if (typeof details !== 'object' || details === null || !('peer' in details)) return undefined;
  return typeof details.peer === 'string' ? details.peer : undefined;
}
