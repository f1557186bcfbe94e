import { ServiceError } from '../errors/service-error.js';

/**
 * Where bearer tokens come from: an `AccountLogin`, or whatever speaks to an outside issuer. What it rejects with
 * is what the call rejects with that needed the token.
 */
export interface TokenSource {
  /**
   * A token that holds now.
   * @param refused - the server no longer takes this one: give another
   */
  token(refused?: string): Promise<string>;
}

export type BearerHeaders = { authorization: string };

export function bearer(token: string): BearerHeaders {
  return { authorization: `Bearer ${token}` };
}

/** Calls with a token; one that the server refuses is replaced, once. */
export async function authorised<T>(
  tokens: TokenSource,
  call: (headers: BearerHeaders) => Promise<T>,
): Promise<T> {
  const token = await tokens.token();
  try {
    return await call(bearer(token));
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'unauthorized') throw error;
    return call(bearer(await tokens.token(token)));
  }
}
