import type { Gate } from '../../platform/admission/gate.js';
import type { Limits } from '../../platform/admission/limits.js';
import type { Clock } from '../../platform/clock.js';
import type { Random } from '../../platform/random.js';
import type { Database } from '../../platform/sql/database.js';
import type { Bucket, Volatile } from '../../platform/volatile/volatile.js';
import type { Eraser } from './erasure/eraser.js';
import type { Endings } from './tokens/endings.js';
import type { OwnTokens } from './tokens/own.js';
import type { Verifier } from './tokens/verifier.js';

/** What commands of the accounts stand on. */
export type Accounts = {
  db: Database;
  gate: Gate;
  limits: Limits;
  requests: Bucket;
  volatile: Volatile;
  /** Null where an outside issuer's tokens count instead. */
  own: OwnTokens | null;
  verifier: Verifier;
  endings: Endings;
  eraser: Eraser;
  clock: Clock;
  random: Random;
};
