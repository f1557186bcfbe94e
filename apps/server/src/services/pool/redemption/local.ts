import type { RedemptionSink } from './sink.js';

/** This server honours its codes itself: the ledger that issued one is the list of those that are good. */
export const localSink: RedemptionSink = {
  deliver: async () => ({ outcome: 'delivered' }),
  healthy: () => true,
  close: async () => {},
};
