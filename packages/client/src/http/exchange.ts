import type { ServiceError } from '../errors/service-error.js';

export interface Exchange {
  headers?: Record<string, string>;
  /** JSON text; makes it a POST. */
  body?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Makes the errors of the service that is spoken to. */
export interface ErrorMaker {
  unreachable(cause: unknown): ServiceError;
  /** Of the parsed body of an answer that is no success; anything may come, undefined for no JSON. */
  refused(body: unknown): ServiceError;
}

const TIMEOUT_MS = 30_000;
/** The largest answer read, in characters: no answer of ours is a tenth of it. */
const MAX_ANSWER = 1024 * 1024;

/**
 * One exchange of JSON over HTTP; answers what the server said, parsed. Rejects with an error of the service's,
 * or with the signal's reason.
 */
export async function exchange(url: URL, options: Exchange, errors: ErrorMaker): Promise<unknown> {
  const { headers, body, signal } = options;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let text: string | undefined;
  try {
    response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      credentials: 'omit',
      redirect: 'error',
    });
    text = await read(response);
  } catch (cause) {
    signal?.throwIfAborted();
    throw errors.unreachable(cause);
  }
  const answer = text === undefined ? undefined : parse(text);
  if (response.ok && answer !== undefined) return answer;
  const error = errors.refused(answer);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  if (seconds >= 0) error.details.retryAfter ??= seconds;
  // An answer of something between us and the server: the status is all there is to go by.
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
