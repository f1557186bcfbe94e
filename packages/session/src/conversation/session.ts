import type { PeerBundle } from '../bundle/peer-bundle.js';
import { FORMAT } from '../codec/format.js';
import type { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import { accept } from '../handshake/accept.js';
import { begin } from '../handshake/begin.js';
import { encodePreKeyHeader, type PreKeyHeader } from '../handshake/header.js';
import type { IdentityKeys } from '../identity/identity-keys.js';
import { MAX_MESSAGE } from '../limits.js';
import type { PreKeys } from '../pre-keys/pre-keys.js';
import { KEM_KEY } from '../primitives/kem.js';
import type { Random } from '../primitives/random.js';
import { KEY_LENGTH } from '../primitives/x25519.js';
import { decrypt, encrypt, type Sealed } from '../ratchet/ratchet.js';
import { initiator, type Ratchet, readRatchet, responder, writeRatchet } from '../ratchet/state.js';

const MAX_ASSOCIATED = 2 * KEY_LENGTH + KEM_KEY;
const PLAIN_PREFIX = Writer.of(FORMAT.message).bytes();

/** One beginning and the ratchet that follows from it. Never changed in place. */
export interface Session {
  /** The ephemeral key of the beginning, which names it. */
  readonly ephemeral: Uint8Array;
  readonly associated: Uint8Array;
  /** The encoded header that each message repeats until an answer comes; null from then on. */
  readonly pending: Uint8Array | null;
  /** A later beginning took its place: what is still on its way is read, but no longer makes it the one that sends. */
  readonly superseded: boolean;
  readonly ratchet: Ratchet;
}

/** @throws SessionError as `begin` of the handshake does */
export function beginSession(
  self: IdentityKeys,
  peer: PeerBundle,
  requirePq: boolean,
  random: Random,
): Session {
  const { header, root, associated } = begin(self, peer, requirePq, random);
  return {
    ephemeral: header.ephemeral,
    associated,
    pending: encodePreKeyHeader(header),
    superseded: false,
    ratchet: initiator(root, Uint8Array.from(peer.signedPreKey.publicKey)),
  };
}

/** @throws SessionError as `accept` of the handshake does */
export function acceptSession(
  self: IdentityKeys,
  preKeys: PreKeys,
  header: PreKeyHeader,
  requirePq: boolean,
): Session {
  const { root, associated, own } = accept(self, preKeys, header, requirePq);
  return {
    ephemeral: header.ephemeral,
    associated,
    pending: null,
    superseded: false,
    ratchet: responder(root, own),
  };
}

export function send(session: Session, plaintext: Uint8Array, random: Random) {
  const prefix = session.pending ?? PLAIN_PREFIX;
  const { ratchet, message } = encrypt(session.ratchet, session.associated, prefix, plaintext, random);
  return { session: { ...session, ratchet }, message };
}

/** @throws SessionError as `decrypt` of the ratchet does */
export function receive(session: Session, sealed: Sealed) {
  const { ratchet, plaintext } = decrypt(session.ratchet, session.associated, sealed);
  // A new ratchet key on a superseded session answers something recent: the peer does use it.
  const superseded = session.superseded && ratchet.remote === session.ratchet.remote;
  return { session: { ...session, pending: null, superseded, ratchet }, plaintext };
}

export function writeSession(writer: Writer, session: Session): Writer {
  writer
    .fixed(session.ephemeral)
    .sized(session.associated)
    .optional(session.pending, (to, pending) => to.sized(pending))
    .flag(session.superseded);
  return writeRatchet(writer, session.ratchet);
}

export function readSession(reader: Reader): Session {
  return {
    ephemeral: reader.fixed(KEY_LENGTH),
    associated: reader.sized(MAX_ASSOCIATED),
    pending: reader.optional((from) => from.sized(MAX_MESSAGE)),
    superseded: reader.flag(),
    ratchet: readRatchet(reader),
  };
}
