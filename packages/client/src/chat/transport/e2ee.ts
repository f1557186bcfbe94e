import { MAX_CIPHERTEXT } from '@blindpost/protocol/e2ee';
import { MAX_PLAINTEXT, type PeerBundle, peerBundleOfE2ee } from '@blindpost/session';
import { AccountKey } from '../../accounts/key.js';
import { AccountLogin } from '../../accounts/login.js';
import { register } from '../../accounts/register.js';
import { encodeBase64 } from '../../base64/base64.js';
import { E2eeClient } from '../../e2ee/client.js';
import type { ReceivedEnvelope } from '../../e2ee/types.js';
import { ServiceError } from '../../errors/service-error.js';
import { isUuid } from '../../json/format.js';
import { isHash } from '../../relay/answers.js';
import { insist } from '../../retry/insist.js';
import { localError } from '../errors.js';
import type { AccountRecord } from '../records.js';
import {
  headOf,
  type KeySource,
  OVERHEAD,
  type PeerAddress,
  type Trace,
  type Transport,
  type TransportListener,
} from './transport.js';

export interface E2eeTransportOptions {
  url: string;
}

/** By the queues of accounts: a peer is an account, and the identity that it was first seen with. */
export class E2eeTransport implements Transport {
  readonly via = 'e2ee';
  readonly maxContent = Math.min(MAX_PLAINTEXT, MAX_CIPHERTEXT - OVERHEAD);
  readonly account: string;
  readonly #hash: string;
  readonly #login: AccountLogin;
  readonly #client: E2eeClient;
  readonly #keys: KeySource;
  readonly #listener: TransportListener;
  readonly #stop = new AbortController();

  private constructor(
    account: string,
    key: AccountKey,
    hash: string,
    { url }: E2eeTransportOptions,
    keys: KeySource,
    listener: TransportListener,
  ) {
    this.account = account;
    this.#hash = hash;
    this.#keys = keys;
    this.#listener = listener;
    this.#login = new AccountLogin({ url, accountId: account, key });
    this.#client = new E2eeClient({
      url,
      tokens: this.#login,
      preKeys: ({ count }) => keys.forE2ee(count),
      onEnvelope: (envelope) => this.#receive(envelope),
      onState: (state) => listener.state(state),
      onError: (error) => listener.failed(error),
    });
  }

  /** Registers the account when it has no id yet; answers its id by `registered` before anything else. */
  static async make(
    { secret, accountId }: AccountRecord,
    hash: string,
    options: E2eeTransportOptions,
    keys: KeySource,
    listener: TransportListener,
    registered: (accountId: string) => Promise<void>,
  ): Promise<E2eeTransport> {
    const key = AccountKey.fromSecret(secret);
    const id = accountId ?? (await register({ url: options.url, key })).toLowerCase();
    if (accountId === null) await registered(id);
    return new E2eeTransport(id, key, hash, options, keys, listener);
  }

  get address(): string {
    return this.addressOf(this.account, this.#hash);
  }

  parse(address: string): PeerAddress {
    const [account = '', hash = null, more] = address.split('#');
    const name = account.toLowerCase();
    const sound = isUuid(name) && (hash === null || isHash(hash)) && more === undefined;
    if (!sound || name === this.account) throw localError('bad_peer', { peer: address });
    return { name, hash };
  }

  addressOf(name: string, hash: string | null): string {
    return hash === null ? name : `${name}#${hash}`;
  }

  async open(): Promise<void> {
    // The stock alone would not tell: it may be of keys whose secrets are gone.
    if (await this.#keys.due()) {
      const keys = await this.#keys.forE2ee(100);
      const { signal } = this.#stop;
      await insist(() => this.#client.uploadKeys(keys), { signal, failed: this.#listener.failed });
    }
    await this.#keys.uploaded();
    await this.#client.open();
  }

  async bundle(name: string): Promise<PeerBundle> {
    try {
      // A fresh one-time prekey: the one of a minute ago may have begun a session that was lost.
      return peerBundleOfE2ee(await this.#client.claim(name));
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'not_found') {
        throw localError('unknown_peer', { peer: name }, error);
      }
      throw error;
    }
  }

  async transmit(name: string, sealed: Uint8Array, token: string): Promise<Trace> {
    const data = { recipientId: name, ciphertext: sealed, clientMessageId: token };
    await this.#client.send(data);
    return this.#trace('out', name, sealed, { type: 'e2ee.send', ref: 1, data });
  }

  close(): Promise<void> {
    this.#stop.abort();
    return this.#client.close();
  }

  async burn(): Promise<void> {
    this.#stop.abort();
    // First, or it would log in again to what is gone.
    await this.#client.close();
    await this.#login.deleteAccount();
  }

  async #receive(envelope: ReceivedEnvelope): Promise<void> {
    const trace = this.#trace('in', this.account, envelope.ciphertext, {
      type: 'e2ee.envelope',
      data: envelope,
    });
    await this.#listener.receive({
      sealed: envelope.ciphertext,
      account: envelope.senderId.toLowerCase(),
      trace,
    });
  }

  #trace(direction: 'in' | 'out', destination: string, sealed: Uint8Array, frame: object): Trace {
    const text = JSON.stringify(frame, (_, value: unknown) =>
      value instanceof Uint8Array ? encodeBase64(value) : value,
    );
    const size = new TextEncoder().encode(text).length;
    return {
      direction,
      via: this.via,
      destination,
      size,
      at: Date.now(),
      head: headOf(sealed),
    };
  }
}
