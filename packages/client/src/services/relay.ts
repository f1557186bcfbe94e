import type { Addresses } from '../http/endpoint.js';
import type { Identity, RelayClient, RelayClientOptions, RelayHttp } from '../relay/index.js';

/** Everything but the address; without an identity there is a new one. */
export type RelayOptions = Omit<RelayClientOptions, 'url' | 'urls' | 'identity'> & { identity?: Identity };

/** The relay's SDK, loaded when it is asked for. */
export class RelayService {
  readonly #addresses: Addresses;

  constructor(addresses: Addresses) {
    this.#addresses = addresses;
  }

  /** A client that is connected. */
  async open({ identity, ...options }: RelayOptions = {}): Promise<RelayClient> {
    const { Identity, RelayClient } = await import('../relay/index.js');
    const client = new RelayClient({
      ...options,
      identity: identity ?? Identity.create(),
      ...this.#addresses,
    });
    await client.connect();
    return client;
  }

  /** The routes, without a socket. */
  async http(identity?: Identity): Promise<RelayHttp> {
    const { Identity, RelayHttp } = await import('../relay/index.js');
    return new RelayHttp({ identity: identity ?? Identity.create(), ...this.#addresses });
  }
}
