import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';

/** Headers by which a proxy shows itself. */
const PROXY_MARKS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
] as const;

/** Where requests come from, as far as the connection and the trusted proxies tell. */
export class Addresses {
  readonly #trusts: (entry: string, hop: number) => boolean;
  readonly #direct: boolean;
  readonly #connections = new WeakMap<Socket, string>();

  /** @param trustedProxies addresses or CIDR ranges whose forwarded headers count. */
  constructor(trustedProxies: readonly string[]) {
    const trusts = proxyAddr.compile([...trustedProxies]);
    this.#trusts = (entry, hop) => trusts(withoutPort(entry), hop);
    this.#direct = trustedProxies.length === 0;
  }

  /**
   * The source a limit counts by: IPv4, or the /64 of IPv6, since one host owns a whole /64.
   * X-Forwarded-For is read from the right and only past trusted hops; a client's own entries never count.
   * An entry that is no address counts as the hop that wrote it.
   */
  of(request: IncomingMessage): string {
    // Without proxies it is the connection's, whatever its requests say.
    if (this.#direct) return this.#ofConnection(request.socket);
    const hops = proxyAddr.all(request, this.#trusts).map(withoutPort);
    return countedAs(hops.findLast((hop) => ipaddr.isValid(hop)));
  }

  #ofConnection(socket: Socket): string {
    const known = this.#connections.get(socket);
    if (known !== undefined) return known;
    const address = countedAs(socket.remoteAddress);
    // Not that of a peer who is gone, which is unknown from then on.
    if (address !== UNKNOWN_ADDRESS) this.#connections.set(socket, address);
    return address;
  }

  /** Whether the request surely comes from this machine: no proxy is configured and none shows itself. */
  isLoopback(request: IncomingMessage): boolean {
    const { headers, socket } = request;
    const forwarded = PROXY_MARKS.some((name) => headers[name] !== undefined);
    if (!this.#direct || forwarded || socket.remoteAddress === undefined) return false;
    return ipaddr.process(socket.remoteAddress).range() === 'loopback';
  }
}

/** What a request counts as whose peer is gone already. */
export const UNKNOWN_ADDRESS = 'unknown';

/** The source an address counts as. */
export function countedAs(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return UNKNOWN_ADDRESS;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = parsed.toByteArray().slice(0, 8);
  return `${ipaddr.fromByteArray([...network, 0, 0, 0, 0, 0, 0, 0, 0]).toString()}/64`;
}

// Some proxies write `192.0.2.7:1234` and `[2001:db8::1]:1234`. A peer that is gone has no address at all.
function withoutPort(entry: string | undefined): string {
  const [, v6, v4] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry ?? '') ?? [];
  return v6 ?? v4 ?? entry ?? '';
}
