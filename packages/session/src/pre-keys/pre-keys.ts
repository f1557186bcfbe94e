import { equalBytes } from '@noble/ciphers/utils.js';
import { encodeBase64 } from '../bundle/base64.js';
import type { PeerBundle, PreKey } from '../bundle/peer-bundle.js';
import { FORMAT } from '../codec/format.js';
import { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import { SessionError } from '../error.js';
import type { PreKeyHeader } from '../handshake/header.js';
import { IdentityKeys } from '../identity/identity-keys.js';
import { MAX_GENERATIONS, MAX_ONE_TIME, MAX_REFILL, MAX_SEEN, RETENTION_MS, ROTATION_MS } from '../limits.js';
import { derive } from '../primitives/kdf.js';
import { KEM_SEED, kemPublicKey } from '../primitives/kem.js';
import { type Random, randomU32, systemRandom } from '../primitives/random.js';
import { createKeyPair, KEY_LENGTH, type KeyPair, keyPairOf } from '../primitives/x25519.js';
import { createGeneration, type Generation, nameOf, readGeneration, writeGeneration } from './generation.js';
import type { E2eeUpload, RelayUpload } from './upload.js';

const MAX_ID = 0xffff_ffff;
const PQ_IDENTITY_LABEL = 'Blindpost relay v1 ML-KEM-1024 identity';

interface OneTime {
  readonly id: number;
  readonly secret: Uint8Array;
}

/**
 * Own prekeys with their secrets. Held in memory and changed by `rotate`, `refill` and by messages that open a
 * session: store `toBytes()` after each, and before the public parts are uploaded.
 */
export class PreKeys {
  readonly #identity: IdentityKeys;
  readonly #random: Random;
  /** Newest first, never empty. */
  #generations: readonly [Generation, ...Generation[]];
  /** Oldest first. */
  #oneTime: readonly OneTime[];
  #nextId: number;

  private constructor(
    identity: IdentityKeys,
    random: Random,
    generations: readonly [Generation, ...Generation[]],
    oneTime: readonly OneTime[],
    nextId: number,
  ) {
    this.#identity = identity;
    this.#random = random;
    this.#generations = generations;
    this.#oneTime = oneTime;
    this.#nextId = nextId;
  }

  /**
   * A first generation, without one-time prekeys.
   * @param now - milliseconds since 1970
   */
  static create(identity: IdentityKeys, now: number, random: Random = systemRandom): PreKeys {
    // Ids begin anywhere: who lost all state does not hand out ids that the server saw with other keys.
    const start = randomU32(random) >>> 1;
    const generation = createGeneration(start, start + 1, now, random);
    return new PreKeys(identity, random, [generation], [], start + 2);
  }

  /** @throws SessionError `bad_state` */
  static fromBytes(bytes: Uint8Array, random: Random = systemRandom): PreKeys {
    const reader = Reader.of(FORMAT.preKeys, bytes, 'bad_state');
    const identity = IdentityKeys.fromSecret(reader.fixed(KEY_LENGTH));
    const [newest, ...older] = reader.list(MAX_GENERATIONS, readGeneration);
    if (newest === undefined) throw reader.fault();
    const oneTime = reader.list(MAX_ONE_TIME, (from) => ({ id: from.u32(), secret: from.fixed(KEY_LENGTH) }));
    const nextId = reader.u32();
    reader.end();
    return new PreKeys(identity, random, [newest, ...older], oneTime, nextId);
  }

  /** Everything, the identity's secret included; to be stored as secrets are. */
  toBytes(): Uint8Array {
    return Writer.of(FORMAT.preKeys)
      .fixed(this.#identity.secret)
      .list(this.#generations, writeGeneration)
      .list(this.#oneTime, (to, { id, secret }) => to.u32(id).fixed(secret))
      .u32(this.#nextId)
      .bytes();
  }

  /** Whose they are. */
  get identityKey(): Uint8Array {
    return this.#identity.publicKey;
  }

  /** One-time prekeys whose secrets are kept. */
  get oneTimeCount(): number {
    return this.#oneTime.length;
  }

  /**
   * Makes a new generation when the present one is a week old, or has opened so many sessions that its memory of them
   * would soon be full; those replaced more than 30 days ago, and all but the
   * last four, are deleted. Answers whether there is a new one, to be uploaded.
   * @param now - milliseconds since 1970
   */
  rotate(now: number): boolean {
    const [{ createdAt, seen }] = this.#generations;
    const due = now - createdAt >= ROTATION_MS || seen.length >= MAX_SEEN / 2;
    if (due) {
      const generation = createGeneration(this.#takeId(), this.#takeId(), now, this.#random);
      this.#generations = [generation, ...this.#generations];
    }
    const [newest, ...older] = this.#generations;
    const kept = older.filter((_, at) => {
      const replacedAt = this.#generations[at]?.createdAt ?? 0;
      return at + 1 < MAX_GENERATIONS && now - replacedAt <= RETENTION_MS;
    });
    this.#generations = [newest, ...kept];
    return due;
  }

  /**
   * New one-time prekeys: their public parts, to be uploaded. Of more than 1,000 secrets the oldest are dropped.
   * @param count - at most 100
   * @param firstId - where ids go on, when not after the last one
   * @throws SessionError `too_many`; `exhausted` when the ids do not suffice
   */
  refill(count: number, firstId = this.#nextId): PreKey[] {
    if (!Number.isInteger(count) || count < 0 || count > MAX_REFILL)
      throw new SessionError('too_many', 'count');
    if (!Number.isInteger(firstId) || firstId < 0 || firstId + count > MAX_ID) {
      throw new SessionError('exhausted', 'firstId');
    }
    const pairs = Array.from({ length: count }, (_, at) => ({
      id: firstId + at,
      ...createKeyPair(this.#random),
    }));
    const taken = new Set(pairs.map(({ id }) => id));
    const others = this.#oneTime.filter(({ id }) => !taken.has(id));
    this.#oneTime = [...others, ...pairs.map(({ id, secret }) => ({ id, secret }))].slice(-MAX_ONE_TIME);
    this.#nextId = Math.max(this.#nextId, firstId + count);
    return pairs.map(({ id, publicKey }) => ({ id, publicKey }));
  }

  /**
   * What `RelayHttp.uploadKeys` takes.
   * @param oneTime - what `refill` answered
   */
  forRelay(oneTime: readonly PreKey[] = []): RelayUpload {
    const { signedPreKey, pqPreKey } = this.#signed();
    const pqIdentity = kemPublicKey(derive(this.#identity.secret, PQ_IDENTITY_LABEL, KEM_SEED));
    return {
      pq_identityKey: encodeBase64(pqIdentity),
      signedPreKey: {
        id: signedPreKey.id,
        publicKey: encodeBase64(signedPreKey.publicKey),
        signature: encodeBase64(signedPreKey.signature),
        pq_publicKey: encodeBase64(pqPreKey.publicKey),
        pq_signature: encodeBase64(pqPreKey.signature),
      },
      preKeys: oneTime.map(({ id, publicKey }) => ({ id, publicKey: encodeBase64(publicKey) })),
    };
  }

  /**
   * What the e2ee SDK uploads.
   * @param oneTime - what `refill` answered
   */
  forE2ee(oneTime: readonly PreKey[] = []): E2eeUpload {
    const { signedPreKey, pqPreKey } = this.#signed();
    const { lastResortId, lastResortSecret } = this.#generations[0];
    return {
      identityKey: this.#identity.publicKey,
      signedPreKeyId: signedPreKey.id,
      signedPreKey: signedPreKey.publicKey,
      signedPreKeySignature: signedPreKey.signature,
      pqPreKeyId: pqPreKey.id,
      pqPreKey: pqPreKey.publicKey,
      pqPreKeySignature: pqPreKey.signature,
      lastResortPreKey: { keyId: lastResortId, publicKey: keyPairOf(lastResortSecret).publicKey },
      oneTimePreKeys: oneTime.map(({ id, publicKey }) => ({ keyId: id, publicKey })),
    };
  }

  /** The bundle that a peer begins with, for where no server hands it out. */
  bundle(oneTimePreKey?: PreKey): PeerBundle {
    return {
      identityKey: this.#identity.publicKey,
      ...this.#signed(),
      ...(oneTimePreKey !== undefined && { oneTimePreKey }),
    };
  }

  /** @throws SessionError `unknown_prekey` */
  signed(id: number): KeyPair {
    return keyPairOf(this.#generation(id, 'signedPreKey').secret);
  }

  /** @throws SessionError `unknown_prekey` */
  pqSeed(id: number): Uint8Array {
    return this.#generation(id, 'pqPreKey').pqSeed;
  }

  /**
   * The secret of a one-time prekey, or of one of last resort.
   * @throws SessionError `unknown_prekey` when it was used, dropped or never made
   */
  oneTime(id: number): Uint8Array {
    const secret =
      this.#oneTime.find((key) => key.id === id)?.secret ??
      this.#generations.find(({ lastResortId }) => lastResortId === id)?.lastResortSecret;
    if (secret === undefined) throw new SessionError('unknown_prekey', 'oneTimePreKey');
    return secret;
  }

  /**
   * Refuses a beginning that was read before, and one that could not be recognised if it came again: without a one-time
   * prekey, whose end is that of all repetitions, it must be remembered.
   * @throws SessionError `replayed`; `unknown_prekey` when the signed prekey is gone or its memory is full
   */
  admit({ ephemeral, signedPreKeyId, oneTimeId }: PreKeyHeader): void {
    const name = nameOf(ephemeral);
    if (this.#generations.some(({ seen }) => seen.some((one) => equalBytes(one, name)))) {
      throw new SessionError('replayed');
    }
    const { seen } = this.#generation(signedPreKeyId, 'signedPreKey');
    if (seen.length >= MAX_SEEN && !this.#oneTime.some(({ id }) => id === oneTimeId)) {
      throw new SessionError('unknown_prekey', 'signedPreKey');
    }
  }

  /**
   * After a message that opened a session: its one-time prekey is deleted, its ephemeral key remembered. Answers the
   * id of the one-time prekey, when it was one.
   */
  spend({ ephemeral, signedPreKeyId, oneTimeId }: PreKeyHeader): number | undefined {
    const [first, ...others] = this.#generations;
    const remember = (one: Generation) =>
      one.id === signedPreKeyId && one.seen.length < MAX_SEEN
        ? { ...one, seen: [...one.seen, nameOf(ephemeral)] }
        : one;
    this.#generations = [remember(first), ...others.map(remember)];
    const left = this.#oneTime.filter(({ id }) => id !== oneTimeId);
    const used = left.length < this.#oneTime.length;
    this.#oneTime = left;
    return used && oneTimeId !== null ? oneTimeId : undefined;
  }

  #signed() {
    const { id, secret, pqSeed } = this.#generations[0];
    const sign = (publicKey: Uint8Array) => ({ id, publicKey, signature: this.#identity.sign(publicKey) });
    return { signedPreKey: sign(keyPairOf(secret).publicKey), pqPreKey: sign(kemPublicKey(pqSeed)) };
  }

  #generation(id: number, field: string): Generation {
    const generation = this.#generations.find((one) => one.id === id);
    if (generation === undefined) throw new SessionError('unknown_prekey', field);
    return generation;
  }

  #takeId(): number {
    if (this.#nextId >= MAX_ID) throw new SessionError('exhausted');
    const id = this.#nextId;
    this.#nextId = id + 1;
    return id;
  }
}
