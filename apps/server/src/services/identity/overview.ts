import { REGISTRY_DEPTH } from '@blindpost/protocol/identity';
import type { Counter } from 'prom-client';
import { tallyOf } from '../../platform/metrics/tally.js';
import type { Section } from '../../platform/overview/gathering.js';
import { Glance } from '../../platform/overview/glance.js';
import type { Identity } from './identity.js';
import { fieldText } from './rules/field-bytes.js';
import { hex } from './store/audit.js';
import { registryHead } from './store/head.js';

/** What entity identity tells an operator: the registry, which is public, and how many, never who. */
export function identityOverview(
  { db, room, settings, clock }: Identity,
  proofs: Counter<'outcome'>,
): Section {
  const head = new Glance(() => db.read(registryHead, null), clock);
  return async () => {
    const kept = await head.look();
    const { attestations, nullifiers } = room.held;
    return {
      identity: {
        proofs: await tallyOf(proofs, 'outcome'),
        registry: kept && {
          root: fieldText(kept.root),
          updated_at_ms: kept.updatedAt,
          attesters: kept.attesters,
          leaves: kept.leaves,
          leaves_bound: 2 ** REGISTRY_DEPTH,
        },
        audit: kept && { sequence: kept.auditNumber, hash: hex(kept.auditHash) },
        records: {
          attestations,
          attestations_bound: settings.IDENTITY_LIMIT_ATTESTATIONS,
          nullifiers,
          nullifiers_bound: settings.IDENTITY_LIMIT_NULLIFIERS,
        },
      },
    };
  };
}
