import type { Platform } from '../../../platform/platform.js';
import { MemoryRelayStore } from './memory/index.js';
import { RedisRelayStore } from './redis/index.js';
import type { RelayStore, RelayStoreLimits, Sealer } from './store.js';

/** The store on Redis where there is one, else in memory. */
export async function openStore(
  { redis, clock, random }: Pick<Platform, 'redis' | 'clock' | 'random'>,
  limits: RelayStoreLimits,
  sealer: Sealer,
): Promise<RelayStore> {
  return redis === null
    ? new MemoryRelayStore(limits, sealer, clock, random)
    : RedisRelayStore.open(redis, limits, sealer, random);
}
