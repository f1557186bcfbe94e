import { Backoff } from '../retry/backoff.js';
import { sleep } from '../retry/sleep.js';
import { PoolError } from './errors.js';

export interface Insistence {
  signal?: AbortSignal | undefined;
  /** Told of each failure that is tried again. */
  failed?: (error: PoolError) => void;
  /** Attempts in all; without it there is no end but the signal. */
  tries?: number;
  /** A server that asks to wait longer, in milliseconds, is not waited for. */
  patienceMs?: number;
}

/** Repeats what failed for a moment, with back-off and as slowly as the server asks. */
export async function insist<T>(operation: () => Promise<T>, options: Insistence = {}): Promise<T> {
  const { signal, failed, tries = Number.POSITIVE_INFINITY, patienceMs = Number.POSITIVE_INFINITY } = options;
  const backoff = new Backoff();
  for (let tried = 1; ; tried++) {
    try {
      return await operation();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof PoolError) || !error.temporary || tried >= tries) throw error;
      const told = error.retryAfterMs ?? 0;
      if (told > patienceMs) throw error;
      failed?.(error);
      await sleep(backoff.next(told), signal);
      signal?.throwIfAborted();
    }
  }
}
