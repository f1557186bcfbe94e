import { createHash } from 'node:crypto';
import type { Miner } from '../miners/miner.js';

/**
 * The one column under which a request is known again: route, miner and key, so that neither another miner nor
 * the other route can meet it.
 */
export function idempotencyKey(route: string, miner: Miner, key: string | undefined): Buffer | null {
  if (key === undefined) return null;
  return createHash('sha256').update(`${route}\0${miner.name}\0${key}`).digest().subarray(0, 16);
}
