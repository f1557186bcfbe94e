import { defineQuery } from '../../../platform/sql/command.js';
import type { EnvelopeRow } from './envelope.js';
import type { Owner } from './queue.js';
import type { E2eeSchema } from './schema.js';

/** An envelope of one's own queue; null for an unknown one and for another's alike. */
export const findEnvelope = defineQuery<E2eeSchema, { owner: Owner; id: Uint8Array }, EnvelopeRow | null>(
  import.meta.url,
  'findEnvelope',
  async ({ db }, { owner, id }) => {
    const row = await db
      .selectFrom('e2ee_envelopes as envelope')
      .innerJoin('e2ee_queues as queue', 'queue.id', 'envelope.queue')
      .selectAll('envelope')
      .where('envelope.id', '=', id)
      .where('queue.account', '=', owner.account)
      .where('queue.device', '=', owner.device)
      .executeTakeFirst();
    return row ?? null;
  },
);
