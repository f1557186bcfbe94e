import type { Gate } from '../../platform/admission/gate.js';
import type { Limits } from '../../platform/admission/limits.js';
import type { Bus } from '../../platform/bus/bus.js';
import type { Waker } from '../../platform/bus/waker.js';
import type { Clock } from '../../platform/clock.js';
import type { Log } from '../../platform/log/log.js';
import type { Random } from '../../platform/random.js';
import type { Names } from './rules/names.js';
import type { RelaySettings, relayBuckets } from './settings.js';
import type { RelayStore, Sealer } from './store/store.js';

/** What commands of the relay stand on. */
export type Relay = {
  settings: RelaySettings;
  store: RelayStore;
  bus: Bus;
  waker: Waker;
  gate: Gate;
  limits: Limits;
  buckets: ReturnType<typeof relayBuckets>;
  names: Names;
  sealer: Sealer;
  clock: Clock;
  random: Random;
  log: Log;
  /** Counts messages by outcome. */
  counted: (outcome: 'delivered' | 'queued' | 'refused') => void;
};
