import { equalBytes } from '@noble/ciphers/utils.js';
import type { PeerBundle } from '../bundle/peer-bundle.js';
import { FORMAT } from '../codec/format.js';
import { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import { SessionError } from '../error.js';
import type { PreKeyHeader } from '../handshake/header.js';
import type { IdentityKeys } from '../identity/identity-keys.js';
import { MAX_SESSIONS } from '../limits.js';
import type { PreKeys } from '../pre-keys/pre-keys.js';
import { type Random, systemRandom } from '../primitives/random.js';
import { KEY_LENGTH } from '../primitives/x25519.js';
import type { Sealed } from '../ratchet/ratchet.js';
import { type ParsedMessage, parseMessage } from './message.js';
import {
  acceptSession,
  beginSession,
  readSession,
  receive,
  type Session,
  send,
  writeSession,
} from './session.js';

export interface ConversationOptions {
  /** Whether a beginning without a post-quantum prekey is refused, one's own and the peer's. Default true. */
  readonly requirePq?: boolean;
  /** Default: the platform's CSPRNG. */
  readonly random?: Random;
}

export interface Accepted {
  readonly conversation: Conversation;
  readonly plaintext: Uint8Array;
  readonly peerIdentityKey: Uint8Array;
  /** Id of the one-time prekey that this used up. */
  readonly usedOneTime?: number;
}

/**
 * All that two identities share: up to five sessions, since both may begin at once, or one again. What is sent goes
 * by the session that last received, unless a later beginning took its place. Every call either succeeds or throws
 * and changes nothing. Store `toBytes()` (and that of the prekeys) after each call: what was encrypted before it is
 * sent, what was decrypted before it is acknowledged. Both in one step, or the conversation first: prekeys that
 * remember a beginning whose conversation was lost refuse it for good. To go on from an older state is to use keys
 * twice.
 */
export class Conversation {
  /** The peer's Ed25519 identity key. */
  readonly peer: Uint8Array;
  readonly #self: IdentityKeys;
  readonly #requirePq: boolean;
  readonly #random: Random;
  /** The one used last is first; never empty. */
  #sessions: readonly [Session, ...Session[]];

  private constructor(
    self: IdentityKeys,
    peer: Uint8Array,
    requirePq: boolean,
    random: Random,
    sessions: readonly [Session, ...Session[]],
  ) {
    this.#self = self;
    this.peer = peer;
    this.#requirePq = requirePq;
    this.#random = random;
    this.#sessions = sessions;
  }

  /**
   * Begins by PQXDH, or by X3DH where that is allowed and the bundle has no post-quantum prekey.
   * @throws SessionError `bad_bundle`, `bad_signature`, `pq_required`, `wrong_identity`
   */
  static begin(self: IdentityKeys, peer: PeerBundle, options: ConversationOptions = {}): Conversation {
    const { requirePq = true, random = systemRandom } = options;
    const session = beginSession(self, peer, requirePq, random);
    return new Conversation(self, Uint8Array.from(peer.identityKey), requirePq, random, [session]);
  }

  /**
   * Reads the first message of somebody who began. Its one-time prekey is deleted from `preKeys`. Who began,
   * `peerIdentityKey` says and nothing else: neither a sealed message nor a server proves it.
   * @throws SessionError `bad_message`, `pq_required`, `replayed`, `unknown_prekey`, `wrong_identity`, `too_far`;
   *   `no_session` when the message begins nothing
   */
  static accept(
    self: IdentityKeys,
    preKeys: PreKeys,
    message: Uint8Array,
    options: ConversationOptions = {},
  ): Accepted {
    const { requirePq = true, random = systemRandom } = options;
    const { preKey, ...sealed } = parseMessage(message);
    if (preKey === null) throw new SessionError('no_session');
    const { session, plaintext } = receive(acceptSession(self, preKeys, preKey, requirePq), sealed);
    const usedOneTime = preKeys.spend(preKey);
    const peer = preKey.identityKey;
    return {
      conversation: new Conversation(self, peer, requirePq, random, [session]),
      plaintext,
      peerIdentityKey: peer.slice(),
      ...(usedOneTime !== undefined && { usedOneTime }),
    };
  }

  /**
   * @param self - the identity it was made with
   * @throws SessionError `bad_state`; `wrong_identity` when it is another's
   */
  static fromBytes(
    self: IdentityKeys,
    bytes: Uint8Array,
    options: Pick<ConversationOptions, 'random'> = {},
  ): Conversation {
    const reader = Reader.of(FORMAT.conversation, bytes, 'bad_state');
    const own = reader.fixed(KEY_LENGTH);
    const peer = reader.fixed(KEY_LENGTH);
    const requirePq = reader.flag();
    const [first, ...others] = reader.list(MAX_SESSIONS, readSession);
    reader.end();
    if (first === undefined) throw reader.fault();
    if (!equalBytes(own, self.publicKey)) throw new SessionError('wrong_identity');
    return new Conversation(self, peer, requirePq, options.random ?? systemRandom, [first, ...others]);
  }

  /** Keys of the sessions; to be stored as secrets are. */
  toBytes(): Uint8Array {
    return Writer.of(FORMAT.conversation)
      .fixed(this.#self.publicKey)
      .fixed(this.peer)
      .flag(this.#requirePq)
      .list(this.#sessions, writeSession)
      .bytes();
  }

  /** Whether the peer has shown that it holds the session that sends. */
  get established(): boolean {
    return this.#sessions[0].pending === null;
  }

  /**
   * Begins once more, with a new bundle of the same peer: after it lost its state, or to mend a session that was.
   * Earlier sessions still read, and one that the peer goes on with sends again: against who stole a session, begin
   * another conversation and drop this one.
   * @throws SessionError as `begin`; `wrong_identity` when the bundle is another's
   */
  renew(peer: PeerBundle): void {
    if (!equalBytes(peer.identityKey, this.peer)) throw new SessionError('wrong_identity');
    this.#add(beginSession(this.#self, peer, this.#requirePq, this.#random), () => true);
  }

  /**
   * A message for the peer; one that begins until the first answer was read.
   * @param plaintext - at most 192 KiB
   * @throws SessionError `too_long`
   */
  encrypt(plaintext: Uint8Array): Uint8Array {
    const [first, ...others] = this.#sessions;
    const { session, message } = send(first, plaintext, this.#random);
    this.#sessions = [session, ...others];
    return message;
  }

  /**
   * Reads a message of the peer, in whatever order they come; also one that begins again. A one-time prekey that it
   * used is deleted from `preKeys`.
   * @throws SessionError `bad_message`, `replayed`, `too_far`, `unknown_prekey`, `pq_required`, `wrong_identity`
   */
  decrypt(message: Uint8Array, preKeys: PreKeys): Uint8Array {
    const { preKey, ...sealed } = parseMessage(message);
    return preKey === null
      ? this.#decryptAny(sealed)
      : this.#decryptFirst({ preKey, ...sealed }, preKey, preKeys);
  }

  #decryptAny(sealed: Sealed): Uint8Array {
    let fault = new SessionError('bad_message');
    for (const candidate of this.#sessions) {
      try {
        const { session, plaintext } = receive(candidate, sealed);
        this.#advance(session);
        return plaintext;
      } catch (error) {
        if (!(error instanceof SessionError)) throw error;
        // That one session knows the message says more than that another does not.
        if (error.code === 'replayed' || fault.code === 'bad_message') fault = error;
      }
    }
    throw fault;
  }

  #decryptFirst(sealed: ParsedMessage, header: PreKeyHeader, preKeys: PreKeys): Uint8Array {
    if (!equalBytes(header.identityKey, this.peer)) throw new SessionError('wrong_identity');
    const known = this.#sessions.find(({ ephemeral }) => equalBytes(ephemeral, header.ephemeral));
    if (known !== undefined) {
      const { session, plaintext } = receive(known, sealed);
      this.#advance(session);
      return plaintext;
    }
    const begun = acceptSession(this.#self, preKeys, header, this.#requirePq);
    const { session, plaintext } = receive(begun, sealed);
    preKeys.spend(header);
    // A beginning of our own that had no answer yet crossed this one: the next message received decides.
    this.#add(session, ({ pending }) => pending === null);
    return plaintext;
  }

  /** A session that received: its next state, and first in line unless a later one took its place. */
  #advance(session: Session): void {
    if (!session.superseded) this.#sessions = this.#withFirst(session);
    else this.#sessions = mapAll(this.#sessions, (one) => (isSame(one, session) ? session : one));
  }

  /** A new session supersedes those that `superseded` says. */
  #add(session: Session, superseded: (other: Session) => boolean): void {
    this.#sessions = mapAll(this.#withFirst(session), (one) =>
      one !== session && superseded(one) ? { ...one, superseded: true } : one,
    );
  }

  #withFirst(session: Session): readonly [Session, ...Session[]] {
    const others = this.#sessions.filter((one) => !isSame(one, session));
    return [session, ...others.slice(0, MAX_SESSIONS - 1)];
  }
}

function isSame(a: Session, b: Session): boolean {
  return equalBytes(a.ephemeral, b.ephemeral);
}

function mapAll(
  [first, ...others]: readonly [Session, ...Session[]],
  change: (session: Session) => Session,
): readonly [Session, ...Session[]] {
  return [change(first), ...others.map(change)];
}
