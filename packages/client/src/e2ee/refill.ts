import { MAX_UPLOADED_PREKEYS } from '@blindpost/protocol/e2ee';
import { ServiceError } from '../errors/service-error.js';
import { Backoff } from '../retry/backoff.js';
import { sleep } from '../retry/sleep.js';
import { localError } from './errors.js';
import type { CallOptions } from './http.js';
import type { Bundle, KeyStatus, KeyUpload } from './types.js';

export interface PreKeyNeed {
  /** One-time prekeys that are missing. */
  count: number;
  /** One more than the highest id this client has uploaded; absent before its first upload. */
  firstId?: number;
}

/** Makes fresh one-time prekeys, keeps their secrets, and answers them with the rest of the bundle. */
export type PreKeyMaker = (need: PreKeyNeed) => Promise<KeyUpload>;

export interface RefillOptions {
  make: PreKeyMaker;
  keyStatus: (options: CallOptions) => Promise<KeyStatus>;
  uploadKeys: (keys: KeyUpload, options: CallOptions) => Promise<Bundle>;
  failed: (error: ServiceError) => void;
  /** Waits after failures. */
  backoff?: Backoff;
}

/** What the stock is filled up to. */
const FULL = 100;
/** Keys are dear to make, and a callback that fails once mostly fails again. */
const SLOW = { baseMs: 1000, capMs: 300_000 };

/** Fills the stock of one-time prekeys up whenever it is low: one refill at a time, until it succeeded. */
export class Refill {
  readonly #options: RefillOptions;
  readonly #stop = new AbortController();
  #running = false;
  #firstId: number | undefined;

  constructor(options: RefillOptions) {
    this.#options = options;
  }

  /** Looks whether the stock is low, and fills it then. Does nothing while a refill is under way. */
  look(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run();
  }

  close(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { failed, backoff = new Backoff(SLOW) } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#fill(signal);
        break;
      } catch (cause) {
        if (signal.aborted) break;
        const error = cause instanceof ServiceError ? cause : localError('prekeys_failed', {}, cause);
        failed(error);
        await sleep(backoff.next(error.retryAfterMs), signal);
      }
    }
    this.#running = false;
  }

  async #fill(signal: AbortSignal): Promise<void> {
    const { make, keyStatus, uploadKeys } = this.#options;
    // Asked anew each time: the news that it is low may be older than the last refill.
    const { oneTimePreKeys, low } = await keyStatus({ signal });
    if (!low) return;
    const count = Math.max(1, Math.min(FULL - oneTimePreKeys, MAX_UPLOADED_PREKEYS));
    const firstId = this.#firstId;
    const keys = await make({ count, ...(firstId === undefined ? {} : { firstId }) });
    const highest = Math.max(...(keys.oneTimePreKeys ?? []).map(({ keyId }) => keyId), (firstId ?? 0) - 1);
    if (highest >= 0) this.#firstId = highest + 1;
    await uploadKeys(keys, { signal });
  }
}
