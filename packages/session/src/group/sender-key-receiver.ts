import { bytesToUtf8 } from '@noble/ciphers/utils.js';
import { FORMAT } from '../codec/format.js';
import { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import { SessionError } from '../error.js';
import { MAX_GROUP_ID, MAX_SKIPPED } from '../limits.js';
import { decryptOnce } from '../primitives/cipher.js';
import { verify } from '../primitives/ed25519.js';
import { KEY_LENGTH } from '../primitives/x25519.js';
import { advance, keysOf, type NumberedKey, skipTo } from '../ratchet/chain.js';
import { type Chain, readChain, writeChain } from '../ratchet/state.js';
import { type Distribution, decodeDistribution } from './distribution.js';
import { groupAssociated, groupHead, groupSigned, parseGroupMessage } from './message.js';

/**
 * What a member keeps of another's sender key. Who that other is, the conversation knows in which the distribution
 * came: keep the two together. A call either succeeds or throws and changes nothing.
 */
export class SenderKeyReceiver {
  readonly #origin: Omit<Distribution, 'chain'>;
  #chain: Chain;
  /** Of messages that did not come yet, oldest first. */
  #skipped: readonly NumberedKey[];

  private constructor(origin: Omit<Distribution, 'chain'>, chain: Chain, skipped: readonly NumberedKey[]) {
    this.#origin = origin;
    this.#chain = chain;
    this.#skipped = skipped;
  }

  /** @throws SessionError `bad_message` */
  static from(distribution: Uint8Array): SenderKeyReceiver {
    const { chain, ...origin } = decodeDistribution(distribution);
    return new SenderKeyReceiver(origin, chain, []);
  }

  /** @throws SessionError `bad_state` */
  static fromBytes(bytes: Uint8Array): SenderKeyReceiver {
    const reader = Reader.of(FORMAT.senderKeyReceiver, bytes, 'bad_state');
    const groupId = reader.sized(MAX_GROUP_ID);
    const origin = { groupId, keyId: reader.u32(), signingKey: reader.fixed(KEY_LENGTH) };
    const chain = readChain(reader);
    const skipped = reader.list(MAX_SKIPPED, (from) => ({
      n: from.u32(),
      messageKey: from.fixed(KEY_LENGTH),
    }));
    reader.end();
    return new SenderKeyReceiver(origin, chain, skipped);
  }

  toBytes(): Uint8Array {
    const { groupId, keyId, signingKey } = this.#origin;
    const writer = Writer.of(FORMAT.senderKeyReceiver).sized(groupId).u32(keyId).fixed(signingKey);
    return writeChain(writer, this.#chain)
      .list(this.#skipped, (to, { n, messageKey }) => to.u32(n).fixed(messageKey))
      .bytes();
  }

  get groupId(): string {
    return bytesToUtf8(this.#origin.groupId);
  }

  /** Tells the keys apart that one sender had in this group. */
  get keyId(): number {
    return this.#origin.keyId;
  }

  /** The key id that a group message names, to find its receiver. @throws SessionError `bad_message` */
  static keyIdOf(message: Uint8Array): number {
    return parseGroupMessage(message).keyId;
  }

  /**
   * Reads a message of this sender, in whatever order they come.
   * @throws SessionError `no_session` for another key's message; `bad_signature`, `bad_message`, `replayed`, `too_far`
   */
  decrypt(message: Uint8Array): Uint8Array {
    const { groupId, keyId, signingKey } = this.#origin;
    const parsed = parseGroupMessage(message);
    if (parsed.keyId !== keyId) throw new SessionError('no_session');
    // Before any chain moves: a member knows the chain's keys, and must not be able to move it for others.
    if (!verify(parsed.signature, groupSigned(groupId, parsed.signed), signingKey)) {
      throw new SessionError('bad_signature');
    }
    const { messageKey, chain, skipped } = this.#keyFor(parsed.n);
    const associated = groupAssociated(groupId, groupHead(keyId, parsed.n));
    const plaintext = decryptOnce(messageKey, associated, parsed.ciphertext);
    this.#chain = chain;
    this.#skipped = skipped;
    return plaintext;
  }

  #keyFor(n: number) {
    const kept = this.#skipped.find((key) => key.n === n);
    if (kept !== undefined) {
      return { ...kept, chain: this.#chain, skipped: this.#skipped.filter((key) => key !== kept) };
    }
    if (n < this.#chain.n) throw new SessionError('replayed');
    const { chain: at, left } = skipTo(this.#chain, n);
    const { chain, messageKey } = advance(at);
    return { messageKey, chain, skipped: [...this.#skipped, ...keysOf(left)].slice(-MAX_SKIPPED) };
  }
}
