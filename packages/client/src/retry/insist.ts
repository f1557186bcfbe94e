import { ServiceError } from '../errors/service-error.js';
import { Backoff } from './backoff.js';
import { sleep } from './sleep.js';

export interface Insistence {
  signal?: AbortSignal | undefined;
  /** Told of each failure that is tried again. */
  failed?: (error: ServiceError) => void;
  /** Attempts in all; without it there is no end but the signal. */
  tries?: number;
  /** A server that asks to wait longer, in milliseconds, is not waited for. */
  patienceMs?: number;
  /** What is tried again; by default whatever may well succeed a little later. */
  again?: (error: ServiceError) => boolean;
}

/** Repeats what failed for a moment, with back-off and as slowly as the server asks. */
export async function insist<T>(operation: () => Promise<T>, options: Insistence = {}): Promise<T> {
  const { signal, failed, tries = Number.POSITIVE_INFINITY, patienceMs = Number.POSITIVE_INFINITY } = options;
  const { again = ({ temporary }: ServiceError) => temporary } = options;
  const backoff = new Backoff();
  for (let tried = 1; ; tried++) {
    try {
      return await operation();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ServiceError) || !again(error) || tried >= tries) throw error;
      const told = error.retryAfterMs ?? 0;
      if (told > patienceMs) throw error;
      failed?.(error);
      await sleep(backoff.next(told), signal);
      signal?.throwIfAborted();
    }
  }
}
