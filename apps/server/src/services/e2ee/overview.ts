import type { Counter } from 'prom-client';
import { tallyOf } from '../../platform/metrics/tally.js';
import type { Section } from '../../platform/overview/gathering.js';
import { Glance } from '../../platform/overview/glance.js';
import type { Sessions } from './delivery/sessions.js';
import type { E2ee } from './e2ee.js';
import { queueLimits } from './settings.js';
import { totals } from './store/totals.js';

/** What the transport tells an operator: how many, never whose. */
export function e2eeOverview(
  { db, settings, clock }: E2ee,
  sessions: Sessions,
  envelopes: Counter<'outcome'>,
): Section {
  const counted = new Glance(() => db.read(totals, null), clock);
  const limits = queueLimits(settings);
  const bounds = { envelopes_bound: limits.envelopes, bytes_bound: limits.bytes };
  return async () => {
    const kept = await counted.look();
    return {
      e2ee: {
        sockets: sessions.size,
        envelopes: await tallyOf(envelopes, 'outcome'),
        queues: kept === null ? null : { ...kept, ...bounds },
      },
    };
  };
}
