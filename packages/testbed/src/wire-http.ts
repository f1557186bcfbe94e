/** One HTTP request, answered as bytes, with no retry, cache, decompression or opinion on the status. */
import { type Agent, type IncomingHttpHeaders, request as openRequest, type RequestOptions } from 'node:http';
import { request as openTlsRequest } from 'node:https';
import { deferred } from './wire-deferred.js';

export interface WireRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Source address, such as `127.0.0.2`. */
  from?: string | undefined;
  agent?: Agent;
  /** Certificate to trust, in PEM. */
  ca?: string;
}

/** What the server answered. */
export class WireAnswer {
  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly raw: Buffer,
  ) {}

  /** The body as a JSON object; throws when it is none. */
  get json(): Record<string, unknown> {
    const value: unknown = JSON.parse(this.raw.toString());
    if (!isRecord(value)) throw new Error(`not a JSON object: ${this.raw.toString().trim()}`);
    return value;
  }

  toString(): string {
    return `${this.status} ${this.raw.toString().trim()}`;
  }
}

/** Whether the value is an object with members, as a frame or a body is. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const GUARD_MS = 30_000;

/** Sends the request and reads the whole answer; rejects when the connection fails or 30 s pass. */
export function wireRequest(url: string, options: WireRequest = {}): Promise<WireAnswer> {
  const settings: RequestOptions = {
    method: options.method ?? 'GET',
    headers: options.headers ?? {},
    timeout: GUARD_MS,
    ...(options.from === undefined ? {} : { localAddress: options.from }),
    ...(options.agent === undefined ? {} : { agent: options.agent }),
  };
  const { promise, resolve, reject } = deferred<WireAnswer>();
  const request = url.startsWith('https:')
    ? openTlsRequest(url, { ...settings, ...(options.ca === undefined ? {} : { ca: options.ca }) })
    : openRequest(url, settings);
  request.on('error', reject);
  request.on('timeout', () => request.destroy(new Error(`no answer from ${url} within ${GUARD_MS} ms`)));
  request.on('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      resolve(new WireAnswer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks)));
    });
  });
  request.end(options.body);
  return promise;
}
