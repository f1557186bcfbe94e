import type { Limits } from '../../platform/admission/limits.js';
import type { Bus } from '../../platform/bus/bus.js';
import type { Clock } from '../../platform/clock.js';
import type { Log } from '../../platform/log/log.js';
import type { Random } from '../../platform/random.js';
import type { Database } from '../../platform/sql/database.js';
import type { Accounts } from './accounts.js';
import type { Queues } from './commands/queues.js';
import type { Talks } from './commands/talks.js';
import type { Turnstile } from './commands/turnstile.js';
import type { Mail } from './delivery/mail.js';
import type { Names } from './rules/names.js';
import type { E2eeSettings, e2eeBuckets } from './settings.js';

/** What commands of the transport stand on. */
export type E2ee = {
  settings: E2eeSettings;
  db: Database;
  accounts: Accounts;
  limits: Limits;
  buckets: ReturnType<typeof e2eeBuckets>;
  names: Names;
  bus: Bus;
  mail: Mail;
  queues: Queues;
  /** In front of each recipient's queue. */
  turnstile: Turnstile;
  talks: Talks;
  clock: Clock;
  random: Random;
  log: Log;
  /** Counts envelopes by outcome. */
  counted: (outcome: 'stored' | 'replayed' | 'refused', count?: number) => void;
};
