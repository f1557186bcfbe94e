import { sha256 } from '@noble/hashes/sha2.js';
import type { Reader } from '../codec/reader.js';
import type { Writer } from '../codec/writer.js';
import { MAX_SEEN } from '../limits.js';
import { KEM_SEED } from '../primitives/kem.js';
import type { Random } from '../primitives/random.js';
import { KEY_LENGTH } from '../primitives/x25519.js';

const SEEN_LENGTH = 16;

/** Secrets that are replaced together: the signed prekey, the post-quantum one, and the one of last resort. */
export interface Generation {
  /** Of the signed prekey and of the post-quantum one. */
  readonly id: number;
  readonly createdAt: number;
  readonly secret: Uint8Array;
  /** The seed of an ML-KEM-1024 key. */
  readonly pqSeed: Uint8Array;
  /** In one space with the ids of one-time prekeys, in whose place it stands. */
  readonly lastResortId: number;
  readonly lastResortSecret: Uint8Array;
  /** Names of the beginnings that it opened, at most MAX_SEEN. They go when it goes, and never before. */
  readonly seen: readonly Uint8Array[];
}

export function createGeneration(id: number, lastResortId: number, now: number, random: Random): Generation {
  return {
    id,
    createdAt: now,
    secret: random(KEY_LENGTH),
    pqSeed: random(KEM_SEED),
    lastResortId,
    lastResortSecret: random(KEY_LENGTH),
    seen: [],
  };
}

export function writeGeneration(writer: Writer, generation: Generation): Writer {
  const { id, createdAt, secret, pqSeed, lastResortId, lastResortSecret, seen } = generation;
  return writer
    .u32(id)
    .u64(createdAt)
    .fixed(secret)
    .fixed(pqSeed)
    .u32(lastResortId)
    .fixed(lastResortSecret)
    .list(seen, (to, name) => to.fixed(name));
}

export function readGeneration(reader: Reader): Generation {
  return {
    id: reader.u32(),
    createdAt: reader.u64(),
    secret: reader.fixed(KEY_LENGTH),
    pqSeed: reader.fixed(KEM_SEED),
    lastResortId: reader.u32(),
    lastResortSecret: reader.fixed(KEY_LENGTH),
    seen: reader.list(MAX_SEEN, (from) => from.fixed(SEEN_LENGTH)),
  };
}

/** What a beginning is remembered by. */
export function nameOf(ephemeral: Uint8Array): Uint8Array {
  return sha256(ephemeral).slice(0, SEEN_LENGTH);
}
