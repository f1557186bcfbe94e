import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';

/** Where requests come from, as far as the connection and the trusted proxies tell. */
export class Addresses {
  readonly #trusts: (address: string, hop: number) => boolean;
  readonly #direct: boolean;

  /** @param trustedProxies addresses or CIDR ranges whose forwarded headers count. */
  constructor(trustedProxies: readonly string[]) {
    this.#trusts = proxyAddr.compile([...trustedProxies]);
    this.#direct = trustedProxies.length === 0;
  }

  /**
   * The source a limit counts by: IPv4, or the /64 of IPv6, since one host owns a whole /64.
   * X-Forwarded-For is read from the right and only past trusted hops; a client's own entries never count.
   */
  of(request: IncomingMessage): string {
    return countedAs(proxyAddr(request, this.#trusts));
  }

  /** Whether the request surely comes from this machine: no proxy is configured and none shows itself. */
  isLoopback(request: IncomingMessage): boolean {
    const { headers, socket } = request;
    const forwarded = headers['x-forwarded-for'] ?? headers.forwarded ?? headers['x-real-ip'];
    if (!this.#direct || forwarded !== undefined || socket.remoteAddress === undefined) return false;
    return ipaddr.process(socket.remoteAddress).range() === 'loopback';
  }
}

function countedAs(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = parsed.toByteArray().slice(0, 8);
  return `${ipaddr.fromByteArray([...network, 0, 0, 0, 0, 0, 0, 0, 0]).toString()}/64`;
}
