/** What a chat keeps in its store, and under which keys. */
import { decodeBase64, encodeBase64 } from '../base64/base64.js';
import { isCount } from '../json/format.js';
import { type JsonRecord, parseRecord } from '../json/record.js';
import { StoreError } from '../stores/store.js';
import { isId } from './content.js';
import { isState, type MessageState } from './message.js';

const number = (n: number) => String(n).padStart(12, '0');

export const KEY = {
  identity: 'identity',
  account: 'account',
  preKeys: 'prekeys',
  upload: 'upload',
  peers: 'peer/',
  peer: (name: string) => `peer/${name}`,
  conversation: (name: string) => `conversation/${name}`,
  messages: (name: string) => `message/${name}/`,
  message: (name: string, n: number) => `message/${name}/${number(n)}`,
  outbox: 'outbox/',
  outgoing: (n: number) => `outbox/${number(n)}`,
  sealed: (n: number) => `sealed/${number(n)}`,
  inbox: 'inbox/',
  incoming: (n: number) => `inbox/${number(n)}`,
  seen: 'seen/',
  seenAt: (slot: number) => `seen/${number(slot)}`,
  allHeld: 'held/',
  heldOf: (name: string) => `held/${name}/`,
  held: (name: string, n: number) => `held/${name}/${number(n)}`,
} as const;

/** The number at the end of a key. */
export function numberOf(key: string): number {
  return Number(key.slice(key.lastIndexOf('/') + 1));
}

export interface PeerRecord {
  /** SHA-256 of the identity key that is trusted, as hex; null until there is one. */
  hash: string | null;
  identityKey: Uint8Array | null;
  /** Hash of another identity that speaks for the account now, until it is trusted. */
  changedTo: string | null;
  /** Messages are kept from the first number up to the next, which is not included. */
  first: number;
  next: number;
  /** When a session was last renewed; milliseconds. */
  renewedAt: number;
  /** Ids that receipts are owed for. */
  received: string[];
  read: string[];
  /** Whether it has asked for what it lost, and was not sent it yet. */
  wanted: boolean;
}

export interface MessageRecord {
  id: string;
  direction: 'in' | 'out';
  text: string;
  sentAt: number;
  at: number;
  state: MessageState;
}

export interface OutgoingRecord {
  /** Name of the peer. */
  peer: string;
  /** What the server knows it by when it is sent again. */
  token: string;
  /** Number of the message that it carries, where it carries one. */
  message: number | null;
}

export interface IncomingRecord extends MessageRecord {
  /** Name of the peer, and its address. */
  peer: string;
  address: string;
}

export interface AccountRecord {
  secret: Uint8Array;
  accountId: string | null;
}

export interface UploadRecord {
  at: number;
  /** One-time prekeys that were there afterwards. */
  oneTime: number;
}

/** Bytes are Base64 in JSON. */
export function encodeRecord(record: object): Uint8Array {
  const text = JSON.stringify(record, (_, value: unknown) =>
    value instanceof Uint8Array ? encodeBase64(value) : value,
  );
  return new TextEncoder().encode(text);
}

/** @throws StoreError `store_broken`, as every reader does */
export function readPeer(bytes: Uint8Array): PeerRecord {
  const { hash, identityKey, changedTo, first, next, renewedAt, received, read, wanted } = parse(bytes);
  const key = identityKey === null ? null : bytesOf(identityKey);
  if (
    !isTextOrNull(hash) ||
    !isTextOrNull(changedTo) ||
    !isCount(first) ||
    !isCount(next) ||
    !isCount(renewedAt)
  )
    throw broken();
  if (!areIds(received) || !areIds(read)) throw broken();
  return {
    hash,
    identityKey: key,
    changedTo,
    first,
    next,
    renewedAt,
    received,
    read,
    wanted: wanted === true,
  };
}

export function readMessage(bytes: Uint8Array): MessageRecord {
  return messageOf(parse(bytes));
}

export function readIncoming(bytes: Uint8Array): IncomingRecord {
  const record = parse(bytes);
  const { peer, address } = record;
  if (typeof peer !== 'string' || typeof address !== 'string') throw broken();
  return { ...messageOf(record), peer, address };
}

export function readOutgoing(bytes: Uint8Array): OutgoingRecord {
  const { peer, token, message } = parse(bytes);
  if (typeof peer !== 'string' || typeof token !== 'string') throw broken();
  if (message !== null && !isCount(message)) throw broken();
  return { peer, token, message };
}

export function readAccount(bytes: Uint8Array): AccountRecord {
  const { secret, accountId } = parse(bytes);
  if (!isTextOrNull(accountId)) throw broken();
  return { secret: bytesOf(secret), accountId };
}

export function readUpload(bytes: Uint8Array): UploadRecord {
  const { at, oneTime } = parse(bytes);
  if (!isCount(at) || !isCount(oneTime)) throw broken();
  return { at, oneTime };
}

function messageOf({ id, direction, text, sentAt, at, state }: JsonRecord): MessageRecord {
  if (!isId(id) || (direction !== 'in' && direction !== 'out') || typeof text !== 'string') throw broken();
  if (!isCount(sentAt) || !isCount(at) || !isState(state)) throw broken();
  return { id, direction, text, sentAt, at, state };
}

function parse(bytes: Uint8Array): JsonRecord {
  const record = parseRecord(new TextDecoder().decode(bytes));
  if (record === undefined) throw broken();
  return record;
}

function bytesOf(value: unknown): Uint8Array {
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined;
  if (bytes === undefined) throw broken();
  return bytes;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function areIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isId);
}

function broken(): StoreError {
  return new StoreError('store_broken');
}
