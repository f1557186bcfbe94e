import type { Counter } from 'prom-client';
import { tallyOf } from '../../platform/metrics/tally.js';
import type { Section } from '../../platform/overview/gathering.js';
import { Glance } from '../../platform/overview/glance.js';
import type { Sessions } from './delivery/sessions.js';
import type { Relay } from './relay.js';

/** What the relay tells an operator: how many, never who. */
export function relayOverview(
  { store, settings, clock }: Relay,
  sessions: Sessions,
  messages: Counter<'outcome'>,
): Section {
  const totals = new Glance(() => store.totals(), clock);
  return async () => {
    const kept = await totals.look();
    return {
      relay: {
        sockets: sessions.size,
        messages: await tallyOf(messages, 'outcome'),
        mailboxes: kept === null ? null : { ...kept, bytes_bound: settings.RELAY_LIMIT_MEMORY },
      },
    };
  };
}
