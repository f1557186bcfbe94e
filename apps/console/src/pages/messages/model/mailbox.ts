/** What the page asks of a chat, in its own words: whatever the SDK calls things, only `chat-mailbox.ts` knows. */

/** `relay`: anonymous, in the server's memory. `e2ee`: an account, durable. */
export const WAYS = ['relay', 'e2ee'] as const;
export type Way = (typeof WAYS)[number];

/** How far a letter of one's own has come. */
export type Progress = 'queued' | 'failed' | 'sent' | 'received' | 'read';

/** Whether there is a connection, one is being made, or the next attempt is waited for. */
export type Line = 'connecting' | 'open' | 'waiting' | 'ended';

export interface Letter {
  readonly id: string;
  /** Name of the other side. */
  readonly peer: string;
  readonly own: boolean;
  readonly text: string;
  /** When it was stored here; milliseconds since 1970. */
  readonly at: number;
  readonly progress: Progress;
}

export interface Peer {
  /** What stays the same whatever becomes of its identity: its hash, or the id of its account. */
  readonly name: string;
  readonly address: string;
  /** It came with another identity than before, and waits for trust. */
  readonly changed: boolean;
}

/** What the server saw of one letter. */
export interface Sight {
  readonly destination: string;
  /** Of the frame, padding included; bytes. */
  readonly size: number;
  readonly at: number;
  /** First bytes of what it carried. */
  readonly head: Uint8Array;
}

/** Why something did not go as asked: a stable code, for which the page has words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: string,
    cause?: unknown,
  ) {
    super(code, { cause });
  }
}

export interface MailboxListener {
  arrived(letter: Letter): void;
  progressed(peer: string, id: string, progress: Progress): void;
  line(line: Line): void;
  seen(id: string, sight: Sight): void;
  /** A peer came with another identity. */
  changed(peer: string): void;
}

/** Every verb rejects with a {@link Refusal}. */
export interface Mailbox {
  readonly way: Way;
  readonly address: string;
  /** Everything on the wire is a multiple of so many bytes; null where it is not. */
  readonly frame: number | null;
  /** The peer that an address names, whether there is one or not. */
  read(address: string): Peer;
  peers(): Promise<Peer[]>;
  /** The latest, oldest first. */
  letters(address: string, limit: number): Promise<Letter[]>;
  send(address: string, text: string): Promise<Letter>;
  /** Digits to compare; undefined before there is a session. */
  safetyNumber(address: string): Promise<string | undefined>;
  trust(address: string): Promise<void>;
  burn(): Promise<void>;
  close(): Promise<void>;
}
