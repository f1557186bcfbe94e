import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { FORMAT } from '../codec/format.js';
import { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import { MAX_GROUP_ID } from '../limits.js';
import { encryptOnce } from '../primitives/cipher.js';
import { type Random, randomU32, systemRandom } from '../primitives/random.js';
import { KEY_LENGTH } from '../primitives/x25519.js';
import { advance } from '../ratchet/chain.js';
import { type Chain, readChain, writeChain } from '../ratchet/state.js';
import { encodeDistribution, groupBytes } from './distribution.js';
import { groupAssociated, groupHead, groupSigned } from './message.js';

interface State {
  readonly groupId: Uint8Array;
  readonly keyId: number;
  readonly signingSecret: Uint8Array;
}

/**
 * One's own key of a group: a chain that only goes forward, and signatures, so that no member can speak for another.
 * It heals nothing: make a new one when a member leaves, and from time to time. Store `toBytes()` after each message
 * and before it is sent.
 */
export class SenderKey {
  readonly #state: State;
  #chain: Chain;

  private constructor(state: State, chain: Chain) {
    this.#state = state;
    this.#chain = chain;
  }

  /**
   * @param groupId - at most 256 bytes of UTF-8
   * @throws SessionError `too_long`
   */
  static create(groupId: string, random: Random = systemRandom): SenderKey {
    const state = {
      groupId: groupBytes(groupId),
      keyId: randomU32(random),
      signingSecret: random(KEY_LENGTH),
    };
    return new SenderKey(state, { key: random(KEY_LENGTH), n: 0 });
  }

  /** @throws SessionError `bad_state` */
  static fromBytes(bytes: Uint8Array): SenderKey {
    const reader = Reader.of(FORMAT.senderKey, bytes, 'bad_state');
    const groupId = reader.sized(MAX_GROUP_ID);
    const state = { groupId, keyId: reader.u32(), signingSecret: reader.fixed(KEY_LENGTH) };
    const chain = readChain(reader);
    reader.end();
    return new SenderKey(state, chain);
  }

  toBytes(): Uint8Array {
    const { groupId, keyId, signingSecret } = this.#state;
    const writer = Writer.of(FORMAT.senderKey).sized(groupId).u32(keyId).fixed(signingSecret);
    return writeChain(writer, this.#chain).bytes();
  }

  /** Lets a member read from the next message on. To be sent to each over their conversation, never in the open. */
  distribution(): Uint8Array {
    const { groupId, keyId, signingSecret } = this.#state;
    const signingKey = ed25519.getPublicKey(signingSecret);
    return encodeDistribution({ groupId, keyId, chain: this.#chain, signingKey });
  }

  /**
   * One message for all members.
   * @param plaintext - at most 192 KiB
   * @throws SessionError `too_long`
   */
  encrypt(plaintext: Uint8Array): Uint8Array {
    const { groupId, keyId, signingSecret } = this.#state;
    const { chain, messageKey } = advance(this.#chain);
    const head = groupHead(keyId, this.#chain.n);
    const body = concatBytes(head, encryptOnce(messageKey, groupAssociated(groupId, head), plaintext));
    const message = concatBytes(body, ed25519.sign(groupSigned(groupId, body), signingSecret));
    this.#chain = chain;
    return message;
  }
}
