import { concatBytes, equalBytes } from '@noble/ciphers/utils.js';
import { Writer } from '../codec/writer.js';
import { SessionError } from '../error.js';
import { MAX_PAST, MAX_SKIPPED } from '../limits.js';
import { decryptOnce, encryptOnce } from '../primitives/cipher.js';
import { derive } from '../primitives/kdf.js';
import type { Random } from '../primitives/random.js';
import { agree, createKeyPair } from '../primitives/x25519.js';
import { advance, checkSkip, keysOf, skipTo } from './chain.js';
import { type Header, writeHeader } from './header.js';
import type { Chain, Ratchet, SkippedKey } from './state.js';

const ROOT_LABEL = 'Blindpost ratchet v1 X25519 HKDF-SHA-256';

/** A message taken apart. */
export interface Sealed {
  /** What stands before the header; it is authenticated with it. */
  readonly prefix: Uint8Array;
  readonly header: Header;
  readonly ciphertext: Uint8Array;
}

/**
 * RatchetEncrypt (Double Ratchet, 3.4): `prefix`, header and ciphertext. A new ratchet key is made when it is first
 * needed and not when the peer's comes, so that its secret lives no longer than it must.
 */
export function encrypt(
  ratchet: Ratchet,
  associated: Uint8Array,
  prefix: Uint8Array,
  plaintext: Uint8Array,
  random: Random,
): { ratchet: Ratchet; message: Uint8Array } {
  const { own, sending, ...turned } = turn(ratchet, random);
  const { chain, messageKey } = advance(sending);
  const header = { key: own.publicKey, previous: turned.previous, n: sending.n };
  const before = writeHeader(new Writer().fixed(prefix), header).bytes();
  const ciphertext = encryptOnce(messageKey, concatBytes(associated, before), plaintext);
  return { ratchet: { ...turned, own, sending: chain }, message: concatBytes(before, ciphertext) };
}

/**
 * RatchetDecrypt (3.5). The state given stays valid when this throws.
 * @throws SessionError `bad_message`, `replayed`, `too_far`
 */
export function decrypt(
  ratchet: Ratchet,
  associated: Uint8Array,
  { prefix, header, ciphertext }: Sealed,
): { ratchet: Ratchet; plaintext: Uint8Array } {
  const before = writeHeader(new Writer().fixed(associated).fixed(prefix), header).bytes();
  const { messageKey, next } = keyFor(ratchet, header);
  const plaintext = decryptOnce(messageKey, before, ciphertext);
  return { ratchet: next(), plaintext };
}

/** The sending half of DHRatchet (3.5), where it is due. */
function turn(ratchet: Ratchet, random: Random) {
  const { own, sending, remote } = ratchet;
  if (own !== null && sending !== null) return { ...ratchet, own, sending };
  if (remote === null) throw new SessionError('no_session');
  const pair = createKeyPair(random);
  const { root, chain } = stepRoot(ratchet.root, agree(pair.secret, remote));
  return { ...ratchet, root, own: pair, sending: { key: chain, n: 0 } };
}

/**
 * The key that a header names, and the state after its message. Anybody can write a header: what it makes this side
 * compute is bounded before anything is, and the rest waits in `next` until the message proved true.
 */
function keyFor(ratchet: Ratchet, header: Header): { messageKey: Uint8Array; next: () => Ratchet } {
  const index = ratchet.skipped.findIndex(
    ({ remote, n }) => n === header.n && equalBytes(remote, header.key),
  );
  const kept = ratchet.skipped[index];
  if (kept !== undefined) {
    return {
      messageKey: kept.messageKey,
      next: () => ({ ...ratchet, skipped: ratchet.skipped.toSpliced(index, 1) }),
    };
  }
  if (ratchet.past.some((key) => equalBytes(key, header.key))) throw new SessionError('replayed');
  const { receiving, turned } = receive(ratchet, header);
  if (header.n < receiving.n) throw new SessionError('replayed');
  const { chain, left } = skipTo(receiving, header.n);
  const { chain: after, messageKey } = advance(chain);
  const next = () => {
    const current = turned();
    return { ...current, receiving: after, skipped: keep(current.skipped, header.key, left) };
  };
  return { messageKey, next };
}

/** The chain of a header, and the state with that chain: where the ratchet key is new, by DHRatchet (3.5). */
function receive(ratchet: Ratchet, header: Header): { receiving: Chain; turned: () => Ratchet } {
  const { own, remote, sending, receiving, skipped, past } = ratchet;
  if (remote !== null && receiving !== null && equalBytes(remote, header.key))
    return { receiving, turned: () => ratchet };
  if (own === null) throw new SessionError('bad_message');
  checkSkip(0, header.n);
  if (receiving !== null) checkSkip(receiving.n, header.previous);
  const { root, chain } = stepRoot(ratchet.root, agreeWithHeader(own.secret, header.key));
  const turned = () => ({
    root,
    own,
    remote: header.key,
    sending: null,
    receiving: null,
    previous: sending?.n ?? ratchet.previous,
    skipped:
      remote === null || receiving === null
        ? skipped
        : keep(skipped, remote, skipTo(receiving, header.previous).left),
    past: remote === null ? past : [...past, remote].slice(-MAX_PAST),
  });
  return { receiving: { key: chain, n: 0 }, turned };
}

function agreeWithHeader(secret: Uint8Array, key: Uint8Array): Uint8Array {
  try {
    return agree(secret, key);
  } catch {
    throw new SessionError('bad_message');
  }
}

function keep(
  skipped: readonly SkippedKey[],
  remote: Uint8Array,
  left: readonly Chain[],
): readonly SkippedKey[] {
  if (left.length === 0) return skipped;
  return [...skipped, ...keysOf(left).map((key) => ({ remote, ...key }))].slice(-MAX_SKIPPED);
}

/** KDF_RK (7.2). */
function stepRoot(root: Uint8Array, shared: Uint8Array): { root: Uint8Array; chain: Uint8Array } {
  const material = derive(shared, ROOT_LABEL, 64, root);
  return { root: material.slice(0, 32), chain: material.slice(32) };
}
