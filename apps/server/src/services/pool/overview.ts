import type { Counter } from 'prom-client';
import { tallyOf } from '../../platform/metrics/tally.js';
import type { Section } from '../../platform/overview/gathering.js';
import { Glance } from '../../platform/overview/glance.js';
import type { Pool } from './pool.js';
import { poolTerms } from './settings.js';
import { books } from './store/books.js';
import { openRounds } from './store/overview.js';

/** What the pool tells an operator: rounds and money, no miner. */
export function poolOverview({ db, settings, floor, clock }: Pool, submits: Counter<'outcome'>): Section {
  const terms = poolTerms(settings);
  const open = new Glance(() => db.read(openRounds, { now: clock.now(), terms }), clock);
  // Adds up all accounts, and so has a pace of its own.
  const written = new Glance(() => db.read(books, null), clock);
  return async () => {
    const [now, kept] = await Promise.all([open.look(), written.look()]);
    return {
      pool: {
        sockets: floor.load(),
        submits: await tallyOf(submits, 'outcome'),
        rounds: now?.rounds ?? null,
        reserve: now?.reserve ?? null,
        ledger: kept?.ledger ?? null,
        codes: kept?.codes ?? null,
        withdrawals_pending: kept?.pending ?? null,
      },
    };
  };
}
