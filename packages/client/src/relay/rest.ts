import {
  type ClientId,
  type DeliveryState,
  type KeyBundle,
  type KeyUpload,
  MAX_LOOKUPS,
  type NicknameEntry,
  signedText,
  type TargetResult,
  workContext,
} from '@blindpost/protocol/relay';
import { type Addresses, type Endpoint, Endpoints } from '../http/endpoint.js';
import { isRecord, type JsonRecord } from '../json/record.js';
import { type Purpose, type Work, work } from '../work/work.js';
import {
  isClientId,
  isDeliveryState,
  isHashes,
  isKeyBundle,
  isNicknameEntry,
  isTargetResults,
} from './answers.js';
import { ERRORS, localError, RelayError } from './errors.js';
import { request } from './http.js';
import { type Identity, identityHash } from './identity.js';

/** What an identity publishes; the SDK adds name, identity key and signature. */
export type KeyBundleParts = Omit<KeyUpload, 'identity_hash' | 'identityKey' | 'bundle_signature'>;
export type Target = { to: string; body: unknown };

/**
 * The relay without a socket: its HTTP routes. Work is bought and signatures are made here. Every verb rejects
 * with a RelayError; a seed that grew old on the way is bought once more, and an unreachable address gives way
 * to the next.
 */
export class RelayHttp {
  protected readonly endpoints: Endpoints;
  protected readonly identity: Identity;

  /** @throws TypeError when no address is given, or one is not an http(s) URL */
  constructor(options: Addresses & { identity: Identity }) {
    this.endpoints = new Endpoints(options.urls ?? [options.url]);
    this.identity = options.identity;
  }

  /** Answers the number of one-time prekeys now in stock. */
  async uploadKeys(parts: KeyBundleParts): Promise<{ preKeys: number }> {
    const { hash, publicKey } = this.identity;
    const { pq_identityKey, signedPreKey, preKeys, discoverable } = parts;
    const signed = { identityKey: publicKey, pq_identityKey, signedPreKey, preKeys, discoverable };
    const body = {
      identity_hash: hash,
      ...signed,
      bundle_signature: this.identity.sign(signedText.bundle(signed)),
    };
    const answer = await this.#paid(
      { type: 'upload', context: hash, identityHash: hash },
      'keys/upload',
      () => body,
    );
    if (typeof answer.preKeys !== 'number') throw localError('bad_answer');
    return { preKeys: answer.preKeys };
  }

  /**
   * The bundles of these identities, unknown ones absent. A bundle whose identity key does not hash to the name
   * asked for is a relay in the middle: the whole answer is refused as `bad_answer`.
   */
  async fetchKeys(hashes: readonly string[]): Promise<Map<string, KeyBundle>> {
    const bundles = new Map<string, KeyBundle>();
    for (let at = 0; at < hashes.length; at += MAX_LOOKUPS) {
      const asked = hashes.slice(at, at + MAX_LOOKUPS);
      const answer = await this.#free('keys/fetch', { hashes: asked.join(',') });
      for (const hash of asked) {
        if (!Object.hasOwn(answer, hash)) continue;
        const bundle = answer[hash];
        if (
          !isKeyBundle(bundle) ||
          bundle.identity_hash !== hash ||
          identityHash(bundle.identityKey) !== hash
        ) {
          throw localError('bad_answer', { field: hash });
        }
        bundles.set(hash, bundle);
      }
    }
    return bundles;
  }

  /** Up to `count` (1–20) identities that chose to be found, for decoys. */
  async randomHashes(count: number): Promise<string[]> {
    const query = { count: String(count) };
    const answer = await this.#attempt(async (endpoint) => {
      const paid = await work(endpoint, { type: 'decoy', context: workContext.decoy }, { errors: ERRORS });
      return request(endpoint, 'keys/random', { query, work: paid });
    });
    if (!isHashes(answer.hashes)) throw localError('bad_answer');
    return answer.hashes;
  }

  /** Claims a nickname (3–32 of A–Z a–z 0–9 _ -) by signature. */
  async registerNickname(nickname: string): Promise<void> {
    const { hash, publicKey } = this.identity;
    const purpose: Purpose = { type: 'registration', context: nickname, identityHash: hash, nickname };
    await this.#paid(purpose, 'nickname/register', ({ seed }) => ({
      nickname,
      identity_hash: hash,
      identityKey: publicKey,
      signature: this.identity.sign(signedText.nickname(seed, nickname, hash)),
    }));
  }

  /** Who has this nickname; null when nobody has. */
  async lookupNickname(nickname: string): Promise<NicknameEntry | null> {
    try {
      const entry = await this.#free('nickname/lookup', { nick: nickname });
      if (!isNicknameEntry(entry)) throw localError('bad_answer');
      return entry;
    } catch (error) {
      if (error instanceof RelayError && error.code === 'ERR_NOT_FOUND') return null;
      throw error;
    }
  }

  /** Deletes everything the relay keeps of this identity. */
  async burn(): Promise<void> {
    const { hash, publicKey } = this.identity;
    await this.#paid({ type: 'burn', context: hash, identityHash: hash }, 'account/burn', ({ seed }) => ({
      identity_hash: hash,
      identityKey: publicKey,
      signature: this.identity.sign(signedText.burn(seed, hash)),
    }));
  }

  /** Sends one message without a socket, for work. */
  async sendOnce(to: string, body: unknown): Promise<{ status: DeliveryState; id: ClientId }> {
    const { status, id } = await this.#paid({ type: 'relay', context: to }, 'relay', () => ({ to, body }));
    if (!isDeliveryState(status) || !isClientId(id)) throw localError('bad_answer');
    return { status, id };
  }

  /** Sends to up to 100 targets for one piece of work; answers one outcome per target. */
  async multicastOnce(targets: readonly Target[]): Promise<TargetResult[]> {
    const context = workContext.multicast(targets.map(({ to }) => to));
    const { results } = await this.#paid({ type: 'relay', context }, 'relay/multicast', () => ({ targets }));
    if (!isTargetResults(results)) throw localError('bad_answer');
    return results;
  }

  #free(path: string, query: Record<string, string>): Promise<JsonRecord> {
    return this.#attempt((endpoint) => request(endpoint, path, { query }));
  }

  #paid(purpose: Purpose, path: string, body: (work: Work) => unknown): Promise<JsonRecord> {
    return this.#attempt(async (endpoint) => {
      const paid = await work(endpoint, purpose, { errors: ERRORS });
      return request(endpoint, path, { body: body(paid), work: paid });
    });
  }

  async #attempt(operation: (endpoint: Endpoint) => Promise<unknown>): Promise<JsonRecord> {
    for (let tries = 1; ; tries++) {
      const endpoint = this.endpoints.current;
      try {
        const answer = await operation(endpoint);
        if (!isRecord(answer)) throw localError('bad_answer');
        return answer;
      } catch (error) {
        if (!(error instanceof RelayError)) throw error;
        if (error.code === 'ERR_EXPIRED' && tries === 1) continue;
        if (error.code !== 'unreachable' || tries >= this.endpoints.count) throw error;
        this.endpoints.leave(endpoint);
      }
    }
  }
}
