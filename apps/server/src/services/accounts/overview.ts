import type { Section } from '../../platform/overview/gathering.js';
import { Glance } from '../../platform/overview/glance.js';
import type { Accounts } from './accounts.js';
import { totals } from './store/totals.js';

/** What the accounts tell an operator: how many, never who. */
export function accountsOverview({ db, clock }: Accounts): Section {
  const counted = new Glance(() => db.read(totals, null), clock);
  return async () => {
    const kept = await counted.look();
    return { accounts: { accounts: kept?.accounts ?? null, erasures: kept?.erasures ?? null } };
  };
}
