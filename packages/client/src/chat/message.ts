/**
 * How far a message of one's own has come: kept here, taken by the server, stored on the peer's device, read there.
 * It only moves forward, but `failed`, which the server refused for good, may yet turn out to have arrived.
 */
export type MessageState = 'queued' | 'failed' | 'sent' | 'received' | 'read';

/** The order in which states replace each other. */
const ORDER: readonly MessageState[] = ['queued', 'failed', 'sent', 'received', 'read'];

export function isState(value: unknown): value is MessageState {
  return ORDER.some((state) => state === value);
}

export function isLater(state: MessageState, than: MessageState): boolean {
  return ORDER.indexOf(state) > ORDER.indexOf(than);
}

export interface ChatMessage {
  /** Made by the sender, 32 hex digits; one of its kind among the messages with this peer. */
  readonly id: string;
  /** The address of the other side. */
  readonly peer: string;
  /** The address of whoever wrote it. */
  readonly from: string;
  readonly direction: 'in' | 'out';
  readonly text: string;
  /** When it was written, by the sender's clock; milliseconds since 1970. */
  readonly sentAt: number;
  /** When it was stored here. */
  readonly at: number;
  readonly state: MessageState;
}

/** A message of one's own has come further. */
export interface StateChange {
  readonly id: string;
  readonly peer: string;
  readonly state: MessageState;
}

/** What the server sees of one message on its way. */
export interface WireEvent {
  readonly direction: 'in' | 'out';
  readonly via: 'relay' | 'e2ee';
  /** Whom it is for, as the server knows them: the hash of an identity, or an account. */
  readonly destination: string;
  /** Of the frame that carries it, padding included; bytes. */
  readonly size: number;
  readonly at: number;
  /** The first 32 bytes of the sealed message. */
  readonly head: Uint8Array;
  /** Id of the message that it carries, which only the two sides know; null for receipts and what cannot be read. */
  readonly message: string | null;
}
