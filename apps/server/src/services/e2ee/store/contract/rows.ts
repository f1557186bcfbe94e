import { defineQuery } from '../../../../platform/sql/command.js';
import type { E2eeSchema } from '../schema.js';

type Light = Omit<E2eeSchema['e2ee_envelopes'], 'ciphertext' | 'header' | 'signature' | 'meta'>;
type Queue = Omit<E2eeSchema['e2ee_queues'], 'id'> & { id: number };

export type Books = {
  queues: Queue[];
  shares: E2eeSchema['e2ee_shares'][];
  envelopes: Light[];
  spentKeys: E2eeSchema['e2ee_spent_keys'][];
  bundles: E2eeSchema['e2ee_bundles'][];
  preKeys: E2eeSchema['e2ee_prekeys'][];
  claims: E2eeSchema['e2ee_claims'][];
  sessions: E2eeSchema['e2ee_sessions'][];
};

/** Every row of the transport at one moment, without what envelopes carry. */
export const books = defineQuery<E2eeSchema, null, Books>(import.meta.url, 'books', async ({ db }) => ({
  queues: await db.selectFrom('e2ee_queues').selectAll().orderBy('id').execute(),
  shares: await db.selectFrom('e2ee_shares').selectAll().execute(),
  envelopes: await db
    .selectFrom('e2ee_envelopes')
    .select(['id', 'queue', 'sequence', 'sender', 'key', 'content', 'type', 'session', 'group_id'])
    .select(['client_id', 'status', 'size', 'delivered_at', 'acked_at', 'expires_at', 'created_at'])
    .orderBy('queue')
    .orderBy('sequence')
    .execute(),
  spentKeys: await db.selectFrom('e2ee_spent_keys').selectAll().execute(),
  bundles: await db.selectFrom('e2ee_bundles').selectAll().execute(),
  preKeys: await db.selectFrom('e2ee_prekeys').selectAll().execute(),
  claims: await db.selectFrom('e2ee_claims').selectAll().execute(),
  sessions: await db.selectFrom('e2ee_sessions').selectAll().execute(),
}));
