import { createHmac, randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { Clock } from '../clock.js';

export type Log = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error' | 'isLevelEnabled'>;

const DAY_MS = 86_400_000;

/** Structured log lines on stderr, so that stdout stays with the command line. */
export function createLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}

/**
 * Blinds addresses for log lines: HMAC under a salt that is drawn anew each day and kept nowhere, so that
 * lines of one day can be told apart by source and lines of two days cannot be joined.
 */
export class AddressBlinder {
  #salt = randomBytes(32);
  #day: number;

  constructor(private readonly clock: Pick<Clock, 'now'>) {
    this.#day = Math.floor(clock.now() / DAY_MS);
  }

  blind(address: string): string {
    const day = Math.floor(this.clock.now() / DAY_MS);
    if (day !== this.#day) {
      this.#salt = randomBytes(32);
      this.#day = day;
    }
    return createHmac('sha256', this.#salt).update(address).digest('hex').slice(0, 16);
  }
}
