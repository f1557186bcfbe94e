import type { Platform } from '../../../platform/platform.js';
import { MemoryRelayStore } from './memory/index.js';
import type { RelayStore, RelayStoreLimits, Sealer } from './store.js';

/** The store on Redis where there is one, else in memory. */
export async function openStore(
  { redis, clock, random }: Pick<Platform, 'redis' | 'clock' | 'random'>,
  limits: RelayStoreLimits,
  sealer: Sealer,
): Promise<RelayStore> {
  if (redis === null) return new MemoryRelayStore(limits, sealer, clock, random);
  const { RedisRelayStore } = await import('./redis/index.js');
  return RedisRelayStore.open(redis, limits, sealer, random);
}
