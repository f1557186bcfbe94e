import { ENTITY_TYPES } from '@blindpost/zk/entity-types';
import { revokeAttester } from '../commands/attesters.js';
import { registerAttester } from '../commands/register-attester.js';
import type { Identity } from '../identity.js';
import { attesterById, listAttesters } from '../store/attesters.js';

/** The attester that anybody may use while this is no production. */
const DEVELOPMENT_ATTESTER = 'development';

/**
 * In development makes sure that there is one attester for everybody. In production ends all that were for
 * everybody: a database may have served development before.
 */
export async function settleDevelopment(identity: Identity): Promise<void> {
  if (identity.production) return revokeAll(identity);
  const { db, keys } = identity;
  const known = await db.read(attesterById, { id: DEVELOPMENT_ATTESTER });
  if (known !== null) {
    const usable = known.sealed_key !== null && keys.open(known.public_key, known.sealed_key) !== null;
    // Somebody else's, or one that can sign.
    if (known.development !== 1 || usable) return;
    // Made under another secret, as development ones are lost easily.
    await revokeAttester(identity, DEVELOPMENT_ATTESTER);
  }
  // Another server may have been quicker, which is as good.
  await registerAttester(identity, {
    id: DEVELOPMENT_ATTESTER,
    name: 'Development attester',
    allowedTypes: ENTITY_TYPES.map(({ code }) => code),
    development: true,
  });
}

async function revokeAll(identity: Identity): Promise<void> {
  const PAGE = 1_000;
  for (let after = -1; ; ) {
    const rows = await identity.db.read(listAttesters, { after, take: PAGE });
    for (const row of rows) if (row.development === 1) await revokeAttester(identity, row.id);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.place;
  }
}
