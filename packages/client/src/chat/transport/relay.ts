import { FRAME_SIZE } from '@blindpost/protocol/relay';
import { type PeerBundle, peerBundleOfRelay } from '@blindpost/session';
import { decodeBase64, encodeBase64 } from '../../base64/base64.js';
import type { Addresses } from '../../http/endpoint.js';
import { isHash } from '../../relay/answers.js';
import { RelayClient } from '../../relay/client.js';
import { Identity } from '../../relay/identity.js';
import type { Message } from '../../relay/message.js';
import type { LoggedIn, RelayClientOptions } from '../../relay/options.js';
import { MAX_PADDED, utf8Length } from '../../relay/padding.js';
import { insist } from '../../retry/insist.js';
import { localError } from '../errors.js';
import {
  headOf,
  type KeySource,
  OVERHEAD,
  type PeerAddress,
  type Trace,
  type Transport,
  type TransportListener,
} from './transport.js';

/** Of a frame beside its body. */
const FRAME_OVERHEAD = 512;

export type RelayTransportOptions = Addresses & Pick<RelayClientOptions, 'rate' | 'pacing'>;

/** By the relay: a peer is the hash of its identity, and whatever claims to be it must hash to that. */
export class RelayTransport implements Transport {
  readonly via = 'relay';
  readonly account = undefined;
  /** Bodies are Base64: the padding of the relay's SDK is of text. */
  readonly maxContent = Math.floor(((MAX_PADDED - FRAME_OVERHEAD) / 4) * 3) - OVERHEAD;
  readonly address: string;
  readonly #client: RelayClient;
  readonly #keys: KeySource;
  readonly #listener: TransportListener;
  readonly #stop = new AbortController();
  #firstLogin: (() => void) | undefined;
  #everLoggedIn = false;
  /** The upload that is under way. */
  #uploading: Promise<void> = Promise.resolve();

  /** @param secret - of the identity */
  constructor(
    secret: Uint8Array,
    options: RelayTransportOptions,
    keys: KeySource,
    listener: TransportListener,
  ) {
    const identity = Identity.fromSecret(secret);
    this.address = identity.hash;
    this.#keys = keys;
    this.#listener = listener;
    this.#client = new RelayClient({
      ...options,
      identity,
      onMessage: (message) => this.#receive(message),
      onLogin: (login) => this.#loggedIn(login),
      onState: (state) => listener.state(state),
      onError: (error) => listener.failed(error),
    });
  }

  parse(address: string): PeerAddress {
    if (!isHash(address) || address === this.address) throw localError('bad_peer', { peer: address });
    return { name: address, hash: address };
  }

  addressOf(name: string): string {
    return name;
  }

  async open(): Promise<void> {
    const first = new Promise<void>((resolve) => {
      this.#firstLogin = resolve;
    });
    await this.#client.connect();
    await first;
    await this.#uploading;
  }

  async bundle(name: string): Promise<PeerBundle> {
    const bundle = (await this.#client.fetchKeys([name])).get(name);
    if (bundle === undefined) throw localError('unknown_peer', { peer: name });
    return peerBundleOfRelay(bundle);
  }

  async transmit(name: string, sealed: Uint8Array): Promise<Trace> {
    const body = encodeBase64(sealed);
    const { id } = await this.#client.send(name, body);
    return this.#trace('out', name, sealed, { type: 'relay', to: name, body, id });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#client.close();
  }

  async burn(): Promise<void> {
    this.#stop.abort();
    await this.#client.burn();
  }

  #loggedIn({ keysMissing, resumed }: LoggedIn): void {
    const first = !this.#everLoggedIn;
    this.#everLoggedIn = true;
    // It may only be that the session was old; then what is sent again is recognised.
    if (!first && !resumed) this.#listener.forgotten();
    this.#uploading = this.#upload(keysMissing, first);
    this.#firstLogin?.();
  }

  /** Until it succeeds: without a bundle nobody can write to us. */
  async #upload(keysMissing: boolean, first: boolean): Promise<void> {
    const { signal } = this.#stop;
    const { failed } = this.#listener;
    try {
      if (keysMissing && first && (await insist(() => this.#isUnknown(), { signal, failed })))
        this.#listener.forgotten();
      if (!keysMissing && !(await this.#keys.due())) return;
      const parts = await this.#keys.forRelay();
      await insist(() => this.#client.uploadKeys(parts), { signal, failed });
      await this.#keys.uploaded();
    } catch (cause) {
      if (!signal.aborted) failed(localError('keys_failed', {}, cause));
    }
  }

  /** Keys are missing where their stock is used up, too; a relay that lost its memory has no bundle at all. */
  async #isUnknown(): Promise<boolean> {
    return !(await this.#client.fetchKeys([this.address])).has(this.address);
  }

  async #receive({ id, type, body }: Message): Promise<void> {
    const sealed = typeof body === 'string' ? decodeBase64(body) : undefined;
    if (sealed === undefined) {
      this.#listener.failed(localError('bad_message'));
      return;
    }
    const trace = this.#trace('in', this.address, sealed, { type, id, payload: body });
    await this.#listener.receive({ sealed, account: null, trace });
  }

  #trace(direction: 'in' | 'out', destination: string, sealed: Uint8Array, frame: object): Trace {
    const size = Math.ceil(utf8Length(JSON.stringify(frame)) / FRAME_SIZE) * FRAME_SIZE;
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
