import type { Limits } from '../../platform/admission/limits.js';
import type { Clock } from '../../platform/clock.js';
import type { Compute } from '../../platform/compute/compute.js';
import type { Random } from '../../platform/random.js';
import type { Database } from '../../platform/sql/database.js';
import type { AttesterKeys } from './rules/attester-keys.js';
import type { Names } from './rules/names.js';
import type { IdentitySettings, identityBuckets } from './settings.js';
import type { Room } from './upkeep/room.js';

/** What commands of entity identity stand on. */
export type Identity = {
  settings: IdentitySettings;
  db: Database;
  compute: Compute;
  limits: Limits;
  buckets: ReturnType<typeof identityBuckets>;
  names: Names;
  keys: AttesterKeys;
  room: Room;
  /** Development attesters and proofs made by the server are for development only. */
  production: boolean;
  clock: Clock;
  random: Random;
  /** Counts verified proofs by what came of them. */
  counted: (outcome: string) => void;
};
