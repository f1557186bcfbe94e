import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, type Refusal, refuse } from '@blindpost/protocol/errors';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Limits } from '../admission/limits.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Bucket } from '../volatile/volatile.js';
import type { Addresses } from './addresses.js';
import { handshakeFault } from './handshake.js';
import type { Hosts } from './hosts.js';
import { sendRawRefusal } from './raw-refusal.js';

/** What a service does with a socket that was let in; `wire` is the stream below it. */
export type SocketHandler = (socket: WebSocket, wire: Duplex, peer: Peer) => void;
/**
 * `host` as the client dialled it, `address` as limits count it. `ownHost` when the host is surely this
 * server: only then does a signature that binds it say that it was made for us. `ownOrigin` when no other
 * site's page can have opened it: only then does the address alone say who it is.
 */
export type Peer = {
  address: string;
  host: string;
  ownHost: boolean;
  ownOrigin: boolean;
  /** The header of the upgrade; a browser cannot send one. */
  authorization: string | undefined;
  query: URLSearchParams;
};

export type SocketOptions = {
  hosts: Hosts;
  addresses: Addresses;
  limitsOf(code: ErrorCode): Limits;
  metrics: Metrics;
  corsOrigins: readonly string[];
  /** Open sockets in all, 0 = no bound. */
  total: number;
  /** Pads refusals; null = no padding. */
  frameSize: number | null;
};

/** What sockets of one service may be, and with which codes it refuses. */
export type SocketRules = {
  /** Open sockets that one address may have here, 0 = no bound. */
  perAddress: number;
  /** What each upgrade of an address is taken from; null = a service's own gate bounds them. */
  bucket: Bucket | null;
  limited: ErrorCode;
  unavailable: ErrorCode;
  /** Largest frame taken, bytes. */
  maxPayload: number;
};

/** `open` counts per address. */
type Route = SocketRules & { handler: SocketHandler; open: Map<string, number>; server: WebSocketServer };

/** A peer that does not answer the close is dropped after so long. */
const CLOSE_TIMEOUT_MS = 1_000;

/** WebSocket upgrades of the one listener: who may connect, how many, and to which service. */
export class Sockets {
  readonly #options: SocketOptions;
  readonly #routes = new Map<string, Route>();
  #total = 0;
  #closing = false;

  constructor(http: Server, options: SocketOptions) {
    this.#options = options;
    http.on('upgrade', (request, socket, head) => {
      // Until `ws` takes over nobody else listens, and an unheard error would end the process.
      socket.on('error', ignore);
      this.#upgrade(request, socket, head).catch(() => {
        this.#refuse(socket, refuse('unavailable', { retryAfter: 5 }));
      });
    });
  }

  /** Open now, of all services. */
  get open(): number {
    return this.#total;
  }

  /** How many may be; 0 = any number. */
  get bound(): number {
    return this.#options.total;
  }

  /** Gives every socket opened at one of these paths to `handler`. */
  route(paths: readonly string[], rules: SocketRules, handler: SocketHandler): void {
    // Compression would undo the padding, and `ws` would otherwise take 100 MiB frames.
    const options = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: rules.maxPayload,
      closeTimeout: CLOSE_TIMEOUT_MS,
    };
    const server = new WebSocketServer(options);
    // What our own look at the handshake lets through and `ws` does not.
    server.on('wsClientError', (_error, socket) => this.#refuse(socket, refuse('invalid_request')));
    const route = { ...rules, handler, open: new Map(), server };
    for (const path of paths) this.#routes.set(path, route);
  }

  /** Takes no further sockets; those that are open are their service's to close. */
  stop(): void {
    this.#closing = true;
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { hosts, addresses, limitsOf, corsOrigins } = this.#options;
    const { host, origin, authorization } = request.headers;
    if (host === undefined || !hosts.accepts(host)) return this.#refuse(socket, refuse('misdirected'));
    const fault = handshakeFault(request);
    if (fault !== null) return this.#refuse(socket, refuse('invalid_request', { field: fault }));
    const url = urlOf(request);
    const route = url === null ? undefined : this.#routes.get(url.pathname);
    if (url === null || route === undefined) return this.#refuse(socket, refuse('not_found'));
    if (!hosts.acceptsOrigin(origin, host, corsOrigins))
      return this.#refuse(socket, refuse('forbidden', { field: 'origin' }));
    const address = addresses.of(request);
    const refusal = this.#admit(route, address);
    if (refusal !== null) return this.#refuse(socket, refusal);
    socket.once('close', () => this.#release(route, address));
    const limits = limitsOf(route.limited);
    const limited =
      route.bucket === null
        ? await limits.jailed(address)
        : (await limits.address(address, route.bucket)).refusal;
    if (limited !== null) return this.#refuse(socket, limited);
    if (socket.destroyed) return;
    const ownHost = hosts.isOwn(host, addresses.isLoopback(request));
    route.server.handleUpgrade(request, socket, head, (ws) => {
      socket.off('error', ignore);
      const ownOrigin = hosts.acceptsOrigin(origin, host, []);
      route.handler(ws, socket, {
        address,
        host,
        ownHost,
        ownOrigin,
        authorization,
        query: url.searchParams,
      });
    });
  }

  /** Counts the socket in, or says why not. Counted before anything is awaited, so racing dials cannot slip by. */
  #admit({ perAddress, open, limited, unavailable }: Route, address: string): Refusal | null {
    const { total, metrics } = this.#options;
    if (this.#closing) return refuse(unavailable, { retryAfter: 1 });
    if (total > 0 && this.#total >= total) {
      metrics.limits.inc({ limit: 'sockets' });
      return refuse(unavailable, { retryAfter: 60 });
    }
    const count = open.get(address) ?? 0;
    if (perAddress > 0 && count >= perAddress) {
      metrics.limits.inc({ limit: 'sockets_per_address' });
      return refuse(limited, { retryAfter: 60, limit: perAddress });
    }
    open.set(address, count + 1);
    this.#total += 1;
    metrics.connections.set(this.#total);
    return null;
  }

  #release({ open }: Route, address: string): void {
    const count = (open.get(address) ?? 1) - 1;
    if (count > 0) open.set(address, count);
    else open.delete(address);
    this.#total -= 1;
    this.#options.metrics.connections.set(this.#total);
  }

  #refuse(socket: Duplex, refusal: Refusal): void {
    sendRawRefusal(socket, refusal, this.#options.frameSize);
  }
}

/** Null when it cannot be read. */
function urlOf({ url = '' }: IncomingMessage): URL | null {
  return URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost') : null;
}

function ignore(): void {}
