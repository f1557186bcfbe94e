import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { errorBody, refuse } from '@blindpost/protocol/errors';
import cors from '@fastify/cors';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance, type FastifyReply, type RawServerDefault } from 'fastify';
import type { AddressBlinder, Log } from '../log/log.js';
import type { Metrics } from '../metrics/metrics.js';
import { padJson } from '../padding.js';
import type { PlatformSettings } from '../settings/platform.js';
import { StartRefused } from '../start-refused.js';
import { VERSION } from '../version.js';
import type { Addresses } from './addresses.js';
import { type FailureCodes, PLATFORM_FAILURES, refusalOf } from './failure.js';
import type { Hosts } from './hosts.js';
import { sendRawRefusal } from './raw-refusal.js';
import { sendRefusal } from './reply.js';
import { securityHeaders } from './security-headers.js';
import { validatorCompiler } from './validation.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers of this route are padded while `HttpOptions.frameSize` is set. */
    padded?: boolean;
  }
}

export type HttpApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export type HttpOptions = {
  settings: PlatformSettings;
  hosts: Hosts;
  addresses: Addresses;
  log: Log;
  blinder: AddressBlinder;
  metrics: Metrics;
  /** Pads the platform's own JSON and every route marked `padded` to multiples of this; null = no padding. */
  frameSize: number | null;
  /** Bound of open sockets, 0 = none; connections in all are bounded a little above. */
  maxSockets: number;
};

const BODY_LIMIT = 1 << 20;
const REQUEST_TIMEOUT_MS = 30_000;
/** A connection that says nothing, or trickles its headers in, ends after so long. */
const CONNECTION = {
  headersTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
  // Peers that vanished without a word are noticed by TCP.
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
};
/** A connection between requests ends after so long. A proxy must be the one to close, at 60 s by habit. */
const KEEP_ALIVE_MS = 10_000;
const PROXY_KEEP_ALIVE_MS = 72_000;
/** Connections beside the open sockets: requests, and sockets about to open. */
const SPARE_CONNECTIONS = 2_000;

/** The one HTTP listener: headers, host check, error shape, padding, metrics and log of every request. */
export async function createHttp(options: HttpOptions): Promise<HttpApp> {
  const { settings, hosts, metrics, log, blinder, addresses, frameSize, maxSockets } = options;
  const app: HttpApp = Fastify({
    ...listener(settings),
    bodyLimit: BODY_LIMIT,
    // A request that trickles in must not hold its connection for minutes.
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: settings.TRUSTED_PROXIES.length > 0 ? PROXY_KEEP_ALIVE_MS : KEEP_ALIVE_MS,
    logger: false,
    frameworkErrors: (_error, _request, reply) => sendUnreadable(reply, frameSize),
    clientErrorHandler: (_error, socket) => {
      sendRawRefusal(socket, refuse('invalid_request', {}, 'This is not HTTP.'), frameSize);
    },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
  }).withTypeProvider<TypeBoxTypeProvider>();

  if (maxSockets > 0) app.server.maxConnections = maxSockets + SPARE_CONNECTIONS;
  app.setValidatorCompiler(validatorCompiler);
  // Answers are typed where they are made; a second serializer could only drop members.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  setFailures(app, PLATFORM_FAILURES, log);
  app.setNotFoundHandler((_request, reply) => sendRefusal(reply, refuse('not_found')));

  if (settings.CORS_ORIGINS.length > 0) {
    await app.register(cors, {
      origin: [...settings.CORS_ORIGINS],
      credentials: false,
      methods: ['GET', 'HEAD', 'POST', 'DELETE'],
      exposedHeaders: [
        'Retry-After',
        'X-RateLimit-Limit',
        'X-RateLimit-Remaining',
        'X-RateLimit-Reset',
        'X-Has-More',
      ],
    });
  }
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Blindpost', version: VERSION, license: { name: 'AGPL-3.0-or-later' } },
    },
  });

  const headers = securityHeaders({ tls: settings.TLS_CERT !== undefined });
  // These hooks call on instead of answering a promise: they run for every request, and none of them waits.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    if (hosts.accepts(request.headers.host)) done();
    else sendRefusal(reply, refuse('misdirected'));
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { config, url } = request.routeOptions;
    const padded = frameSize !== null && (config.padded === true || url === undefined);
    const json = String(reply.getHeader('content-type') ?? '').startsWith('application/json');
    if (!padded || !json || typeof payload !== 'string') return done(null, payload);
    const body = padJson(payload, frameSize);
    reply.header('content-length', body.length);
    return done(null, body);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    metrics.requests.inc({ method: request.method, route, status });
    metrics.requestSeconds.observe({ route }, reply.elapsedTime / 1000);
    if (log.isLevelEnabled('debug')) {
      const from = blinder.blind(addresses.of(request.raw));
      log.debug(
        { method: request.method, route, status, from, ms: Math.round(reply.elapsedTime) },
        'request',
      );
    }
    done();
  });
  return app;
}

/**
 * Turns everything thrown below `app` into the one error shape, with the codes of that service.
 * @param send how that service answers a refusal
 */
export function setFailures(app: HttpApp, codes: FailureCodes, log: Log, send = sendRefusal): void {
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error, codes);
    if (refusal !== null) return send(reply, refusal);
    log.error({ route: request.routeOptions.url, err: error }, 'request failed');
    return send(reply, refuse('internal_error'));
  });
}

function listener(
  settings: PlatformSettings,
): { https: null; http: import('node:http').ServerOptions } | { https: import('node:https').ServerOptions } {
  if (settings.TLS_CERT === undefined || settings.TLS_KEY === undefined)
    return { https: null, http: CONNECTION };
  // The documents enforce TLS 1.3 for all traffic.
  return {
    https: {
      ...CONNECTION,
      handshakeTimeout: CONNECTION.headersTimeout,
      cert: readPem('TLS_CERT', settings.TLS_CERT),
      key: readPem('TLS_KEY', settings.TLS_KEY),
      minVersion: 'TLSv1.3',
    },
  };
}

function readPem(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StartRefused(`${name} cannot be read: ${error instanceof Error ? error.message : path}`, {
      cause: error,
    });
  }
}

/** Answers a URL that cannot be read, which neither hooks nor error handlers get to see. */
function sendUnreadable(reply: FastifyReply, frameSize: number | null): void {
  const text = JSON.stringify(errorBody(refuse('invalid_request', { field: 'url' })));
  const body = frameSize === null ? text : padJson(text, frameSize);
  reply.code(400).type('application/json; charset=utf-8').send(body);
}
