import type { Reader } from '../codec/reader.js';
import type { Writer } from '../codec/writer.js';
import { MAX_PAST, MAX_SKIPPED } from '../limits.js';
import { KEY_LENGTH, type KeyPair } from '../primitives/x25519.js';

export interface Chain {
  readonly key: Uint8Array;
  /** Messages that it has given keys for. */
  readonly n: number;
}

/** The key of a message that did not come yet. */
export interface SkippedKey {
  /** The peer's ratchet key, which with `n` names the message. */
  readonly remote: Uint8Array;
  readonly n: number;
  readonly messageKey: Uint8Array;
}

/** One side of a Double Ratchet (3.2). Never changed in place: each message answers the next state. */
export interface Ratchet {
  readonly root: Uint8Array;
  /** DHs; null before the first message of who began. */
  readonly own: KeyPair | null;
  /** DHr; null before the first message to who was begun with. */
  readonly remote: Uint8Array | null;
  /** Null when the next message sent makes a new ratchet key first. */
  readonly sending: Chain | null;
  readonly receiving: Chain | null;
  /** PN: messages of the sending chain before the present one. */
  readonly previous: number;
  /** Oldest first, at most MAX_SKIPPED. */
  readonly skipped: readonly SkippedKey[];
  /** Earlier ratchet keys of the peer, oldest first, at most MAX_PAST. */
  readonly past: readonly Uint8Array[];
}

const fresh = { sending: null, receiving: null, previous: 0, skipped: [], past: [] };

/** The side that begins, with the shared secret and the peer's signed prekey. */
export function initiator(root: Uint8Array, remote: Uint8Array): Ratchet {
  return { ...fresh, root, own: null, remote };
}

/** The side that was begun with; its signed prekey is its first ratchet key. */
export function responder(root: Uint8Array, own: KeyPair): Ratchet {
  return { ...fresh, root, own, remote: null };
}

export function writeRatchet(writer: Writer, ratchet: Ratchet): Writer {
  const { root, own, remote, sending, receiving, previous, skipped, past } = ratchet;
  return writer
    .fixed(root)
    .optional(own, (to, { secret, publicKey }) => to.fixed(secret).fixed(publicKey))
    .optional(remote, (to, key) => to.fixed(key))
    .optional(sending, writeChain)
    .optional(receiving, writeChain)
    .u32(previous)
    .list(skipped, (to, key) => to.fixed(key.remote).u32(key.n).fixed(key.messageKey))
    .list(past, (to, key) => to.fixed(key));
}

export function readRatchet(reader: Reader): Ratchet {
  return {
    root: reader.fixed(KEY_LENGTH),
    own: reader.optional((from) => ({ secret: from.fixed(KEY_LENGTH), publicKey: from.fixed(KEY_LENGTH) })),
    remote: reader.optional((from) => from.fixed(KEY_LENGTH)),
    sending: reader.optional(readChain),
    receiving: reader.optional(readChain),
    previous: reader.u32(),
    skipped: reader.list(MAX_SKIPPED, (from) => ({
      remote: from.fixed(KEY_LENGTH),
      n: from.u32(),
      messageKey: from.fixed(KEY_LENGTH),
    })),
    past: reader.list(MAX_PAST, (from) => from.fixed(KEY_LENGTH)),
  };
}

export function writeChain(writer: Writer, { key, n }: Chain): Writer {
  return writer.fixed(key).u32(n);
}

export function readChain(reader: Reader): Chain {
  return { key: reader.fixed(KEY_LENGTH), n: reader.u32() };
}
