import type { Endpoint } from '../http/endpoint.js';
import { exchange } from '../http/exchange.js';
import { type Work, workHeaders } from '../work/work.js';
import { ERRORS } from './errors.js';
import { pad } from './padding.js';

export interface HttpRequest {
  query?: Record<string, string>;
  /** Makes it a POST. */
  body?: unknown;
  work?: Work;
  signal?: AbortSignal | undefined;
}

/**
 * One request to the relay; answers the parsed JSON.
 * Rejects with a RelayError: the server's refusal, `unreachable`, or `bad_answer`; or with the signal's reason.
 */
export async function request(endpoint: Endpoint, path: string, options: HttpRequest = {}): Promise<unknown> {
  const { query, body, work, signal } = options;
  const url = new URL(path, endpoint.base);
  url.search = new URLSearchParams(query).toString();
  const headers = work === undefined ? {} : workHeaders(work);
  return exchange(
    url,
    { headers, body: body === undefined ? body : pad(JSON.stringify(body)), signal },
    ERRORS,
  );
}
