import type { Limits } from '../../platform/admission/limits.js';
import type { Clock } from '../../platform/clock.js';
import type { Compute } from '../../platform/compute/compute.js';
import type { Log } from '../../platform/log/log.js';
import type { Random } from '../../platform/random.js';
import type { Database } from '../../platform/sql/database.js';
import type { Bucket } from '../../platform/volatile/volatile.js';
import type { Identities } from './miners/identity.js';
import type { SecretMint } from './miners/secret.js';
import type { Slots } from './miners/slots.js';
import type { Strikes } from './miners/strikes.js';
import type { Courier } from './redemption/courier.js';
import type { TriedNonces } from './rounds/tried.js';
import type { PoolSettings } from './settings.js';
import type { Floor } from './sockets/floor.js';

/** What commands of the pool stand on. */
export type Pool = {
  settings: PoolSettings;
  db: Database;
  compute: Compute;
  limits: Limits;
  requests: Bucket;
  identities: Identities;
  secrets: SecretMint;
  slots: Slots;
  strikes: Strikes;
  tried: TriedNonces;
  courier: Courier;
  floor: Floor;
  clock: Clock;
  random: Random;
  log: Log;
  /** Counts submits by outcome. */
  counted: (outcome: 'win' | 'too_late' | 'invalid' | 'refused') => void;
};
