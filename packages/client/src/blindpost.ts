import type { Chat, ChatOptions } from './chat/chat.js';
import type { Addresses } from './http/endpoint.js';
import { E2eeService } from './services/e2ee.js';
import { IdentityService } from './services/identity.js';
import { PoolService } from './services/pool.js';
import { RelayService } from './services/relay.js';

/** Everything but the address. */
export type OpenChat = Omit<ChatOptions, 'url' | 'urls'>;

/**
 * One server, and everything it serves. Each service is loaded when it is first used, so that a page which only mines
 * carries no prover, and one which only proves no sessions.
 */
export class Blindpost {
  readonly relay: RelayService;
  readonly e2ee: E2eeService;
  readonly pool: PoolService;
  readonly identity: IdentityService;
  readonly #addresses: Addresses;

  /**
   * @param addresses - `urls` are instances of one server, of which all but the relay use the first
   * @throws TypeError when no address is given, or one is not an http(s) URL
   */
  constructor(addresses: Addresses) {
    const urls = addresses.urls ?? [addresses.url];
    for (const each of urls) {
      const { protocol } = new URL(each);
      if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`not an http(s) URL: ${each}`);
    }
    const [first] = urls;
    if (first === undefined) throw new TypeError('url or urls must name at least one address');
    this.#addresses = addresses;
    this.relay = new RelayService(addresses);
    this.e2ee = new E2eeService(first);
    this.pool = new PoolService(first);
    this.identity = new IdentityService(first);
  }

  /**
   * A chat on encrypted sessions: anonymous and volatile by the relay, or `via: 'e2ee'`, durable and by accounts.
   * Resolves when it is connected, and others can write to its address.
   */
  async chat(options: OpenChat = {}): Promise<Chat> {
    const { Chat } = await import('./chat/chat.js');
    return Chat.open({ ...options, ...this.#addresses });
  }
}
