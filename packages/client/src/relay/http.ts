import type { Endpoint } from './endpoint.js';
import { errorFromWire, localError } from './errors.js';
import { pad } from './padding.js';

/** A solved challenge, ready to pay for one request. */
export interface Work {
  seed: string;
  nonce: string;
}

export interface HttpRequest {
  query?: Record<string, string>;
  /** Makes it a POST. */
  body?: unknown;
  work?: Work;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 30_000;
/** The largest answer read: ten bundles are a tenth of it. */
const MAX_ANSWER = 1024 * 1024;

/**
 * One request to the relay; answers the parsed JSON.
 * Rejects with a RelayError: the server's refusal, `unreachable`, or `bad_answer`; or with the signal's reason.
 */
export async function request(endpoint: Endpoint, path: string, options: HttpRequest = {}): Promise<unknown> {
  const { query, body, work, signal } = options;
  const url = new URL(path, endpoint.base);
  url.search = new URLSearchParams(query).toString();
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let text: string | undefined;
  try {
    response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(work === undefined ? {} : { 'x-pow-seed': work.seed, 'x-pow-nonce': work.nonce }),
      },
      ...(body === undefined ? {} : { body: pad(JSON.stringify(body)) }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      credentials: 'omit',
      redirect: 'error',
    });
    text = await read(response);
  } catch (cause) {
    signal?.throwIfAborted();
    throw localError('unreachable', {}, cause);
  }
  const answer = text === undefined ? undefined : parse(text);
  if (response.ok && answer !== undefined) return answer;
  const error = errorFromWire(answer);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  if (seconds >= 0) error.details.retryAfter ??= seconds;
  // An answer of something between us and the relay: the status is all there is to go by.
  if (error.code === 'bad_answer') error.details.status = response.status;
  throw error;
}

/** The text of an answer; undefined when it is larger than any of ours. */
async function read(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  // Not every browser iterates over a stream.
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    if (text.length > MAX_ANSWER) {
      await reader.cancel();
      return undefined;
    }
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
