import type { ErrorDetails } from '@blindpost/protocol/errors';
import type { ServiceError } from '../errors/service-error.js';

export interface Exchange {
  /** By default a POST when there is a body, else a GET. */
  method?: 'GET' | 'POST' | 'DELETE' | undefined;
  headers?: Record<string, string>;
  /** JSON text. */
  body?: string | undefined;
  signal?: AbortSignal | undefined;
  /** The largest answer read, in characters: by default 1 Mi, ten times what most routes answer. */
  maxAnswer?: number | undefined;
}

/** Makes the errors of the service that is spoken to. */
export interface ErrorMaker {
  unreachable(cause: unknown): ServiceError;
  /** Of the parsed body of an answer that is no success; anything may come, undefined for no JSON. */
  refused(body: unknown): ServiceError;
  badAnswer(details?: ErrorDetails): ServiceError;
}

/** What the server answered: the parsed JSON, null when there was nothing to say, and the headers. */
export interface Answer {
  body: unknown;
  headers: Headers;
}

const TIMEOUT_MS = 30_000;
const MAX_ANSWER = 1024 * 1024;
const NO_CONTENT = 204;

/**
 * One exchange of JSON over HTTP; answers what the server said, parsed. Rejects with an error of the service's,
 * or with the signal's reason.
 */
export async function exchange(url: URL, options: Exchange, errors: ErrorMaker): Promise<unknown> {
  return (await exchangeWhole(url, options, errors)).body;
}

/** {@link exchange}, where headers of the answer matter. */
export async function exchangeWhole(url: URL, options: Exchange, errors: ErrorMaker): Promise<Answer> {
  const { method, headers, body, signal, maxAnswer = MAX_ANSWER } = options;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let text: string | undefined;
  try {
    response = await fetch(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      credentials: 'omit',
      redirect: 'error',
    });
    text = response.status === NO_CONTENT ? 'null' : await read(response, maxAnswer);
  } catch (cause) {
    signal?.throwIfAborted();
    throw errors.unreachable(cause);
  }
  const answer = text === undefined ? undefined : parse(text);
  if (response.ok && answer !== undefined) return { body: answer, headers: response.headers };
  const error = errors.refused(answer);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  if (seconds >= 0) error.details.retryAfter ??= seconds;
  // An answer of something between us and the server: the status is all there is to go by.
  if (error.code === 'bad_answer') error.details.status = response.status;
  throw error;
}

/** The text of an answer; undefined when it is larger than it may be. */
async function read(response: Response, maxAnswer: number): Promise<string | undefined> {
  if (response.body === null) return '';
  // Not every browser iterates over a stream.
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    if (text.length > maxAnswer) {
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
