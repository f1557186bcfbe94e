/** One address of a service. */
export interface Endpoint {
  /** Ends with a slash; routes are resolved against it. */
  readonly base: URL;
  /** As it stands in the `Host` header: what a login at the relay is bound to. */
  readonly host: string;
  /** Of the WebSocket. */
  readonly socketUrl: string;
}

/** `urls` are addresses of one relay (instances with one store); they are used in turn when one fails. */
export type Addresses = { url: string; urls?: undefined } | { url?: undefined; urls: readonly string[] };

/** The addresses of one relay, used in turn: instances that share their store, so that a token holds at each. */
export class Endpoints {
  readonly #list: readonly Endpoint[];
  #at = 0;

  /** @throws TypeError when there is none, or one is not an http(s) URL */
  constructor(urls: readonly string[]) {
    if (urls.length === 0) throw new TypeError('url or urls must name at least one address');
    this.#list = urls.map((url) => endpoint(url));
  }

  get count(): number {
    return this.#list.length;
  }

  get current(): Endpoint {
    const current = this.#list[this.#at];
    if (current === undefined) throw new RangeError('no address');
    return current;
  }

  /** Goes on to the next address, unless someone else already left `failed`. */
  leave(failed: Endpoint): void {
    if (this.current === failed) this.#at = (this.#at + 1) % this.#list.length;
  }
}

/**
 * @param folder where the service's routes lie below the address; ends with a slash when there is one
 * @throws TypeError when it is not an http(s) URL
 */
export function endpoint(text: string, folder = ''): Endpoint {
  const base = new URL(text);
  if (base.protocol !== 'http:' && base.protocol !== 'https:')
    throw new TypeError(`not an http(s) URL: ${text}`);
  base.search = '';
  base.hash = '';
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  base.pathname += folder;
  const socket = new URL('ws', base);
  socket.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  return { base, host: base.host, socketUrl: socket.href };
}
