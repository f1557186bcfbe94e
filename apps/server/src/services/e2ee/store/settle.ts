import { byteKey } from '../../../platform/sql/byte-key.js';
import type { Tx } from '../../../platform/sql/command.js';
import { type Queue, saveQueues } from './queue.js';
import type { E2eeSchema } from './schema.js';
import { dropEmptyShares, lowerShares, type Share } from './share.js';

/** An envelope that leaves a count. */
export type Leaving = { queue: number; sender: Uint8Array; size: number };

/**
 * Books envelopes that no longer wait, and those that are no longer kept.
 * @param queues all that are concerned, locked
 */
export async function settle(
  tx: Tx<E2eeSchema>,
  queues: ReadonlyMap<number, Queue>,
  change: { acknowledged?: readonly Leaving[]; expired?: readonly Leaving[]; forgotten?: readonly Leaving[] },
): Promise<void> {
  const { acknowledged = [], expired = [], forgotten = [] } = change;
  const touched = new Set<Queue>();
  const shares = new Map<string, Share>();
  const leave = ({ queue: id, sender, size }: Leaving): Queue | undefined => {
    const queue = queues.get(id);
    if (queue === undefined) return undefined;
    touched.add(queue);
    queue.waiting -= 1;
    queue.bytes -= size;
    const key = `${id}:${byteKey(sender)}`;
    const share = shares.get(key) ?? { queue: id, sender, waiting: 0, bytes: 0 };
    share.waiting += 1;
    share.bytes += size;
    shares.set(key, share);
    return queue;
  };
  for (const envelope of acknowledged) {
    const queue = leave(envelope);
    if (queue === undefined) continue;
    queue.kept += 1;
    queue.keptBytes += envelope.size;
  }
  for (const envelope of expired) leave(envelope);
  for (const { queue: id, size } of forgotten) {
    const queue = queues.get(id);
    if (queue === undefined) continue;
    touched.add(queue);
    queue.kept -= 1;
    queue.keptBytes -= size;
  }
  await saveQueues(tx, [...touched]);
  await lowerShares(tx, [...shares.values()]);
  await dropEmptyShares(tx, [...shares.values()]);
}
