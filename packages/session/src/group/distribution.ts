import { bytesToUtf8, equalBytes } from '@noble/ciphers/utils.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { FORMAT } from '../codec/format.js';
import { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import { SessionError } from '../error.js';
import { MAX_GROUP_ID } from '../limits.js';
import { KEY_LENGTH } from '../primitives/x25519.js';
import { type Chain, readChain, writeChain } from '../ratchet/state.js';

/** What lets somebody read a sender's messages to a group from here on. */
export interface Distribution {
  readonly groupId: Uint8Array;
  /** Tells the sender's keys of one group apart. */
  readonly keyId: number;
  readonly chain: Chain;
  /** Ed25519. */
  readonly signingKey: Uint8Array;
}

/** @throws SessionError `too_long` for an id of more than 256 bytes */
export function groupBytes(groupId: string): Uint8Array {
  const bytes = utf8ToBytes(groupId);
  if (bytes.length > MAX_GROUP_ID) throw new SessionError('too_long', 'groupId');
  return bytes;
}

export function encodeDistribution({ groupId, keyId, chain, signingKey }: Distribution): Uint8Array {
  const writer = Writer.of(FORMAT.distribution).sized(groupId).u32(keyId);
  return writeChain(writer, chain).fixed(signingKey).bytes();
}

/** @throws SessionError `bad_message` */
export function decodeDistribution(bytes: Uint8Array): Distribution {
  const reader = Reader.of(FORMAT.distribution, bytes, 'bad_message');
  const distribution = {
    groupId: reader.sized(MAX_GROUP_ID),
    keyId: reader.u32(),
    chain: readChain(reader),
    signingKey: reader.fixed(KEY_LENGTH),
  };
  reader.end();
  // Two groups whose ids only look alike as bytes must not become one as text.
  if (!equalBytes(utf8ToBytes(bytesToUtf8(distribution.groupId)), distribution.groupId)) throw reader.fault();
  return distribution;
}
