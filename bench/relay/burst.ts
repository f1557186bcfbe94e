import type { Pair } from './pair.js';
import { figuresOf, type PhaseFigures, settled } from './phase.js';

/**
 * Sends `messages` from every pair as fast as the server takes them: each pair keeps `window` messages that
 * are unanswered or have not arrived. A busy server may read two windows more before it reads what the other
 * socket acknowledged, so a window of a third of the mailbox's share for one sender is not refused.
 */
export async function burst(pairs: readonly Pair[], messages: number, window: number): Promise<PhaseFigures> {
  const start = performance.now();
  for (const pair of pairs) {
    pair.begin(messages);
    let waiting = false;
    const fill = () => {
      waiting = false;
      // First, or the server hears of the new messages before it hears of the room for them.
      pair.acknowledge();
      while (pair.ledger.sent < messages && pair.ledger.open < window) pair.send();
    };
    pair.onProgress = () => {
      if (!waiting) setImmediate(fill);
      waiting = true;
    };
    fill();
  }
  await settled(pairs);
  for (const pair of pairs) pair.onProgress = () => {};
  return figuresOf(pairs, start);
}
