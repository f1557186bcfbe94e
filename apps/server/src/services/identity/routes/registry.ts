import { refuse } from '@blindpost/protocol/errors';
import {
  AttesterProof,
  Attesters,
  AttestersQuery,
  isAttesterId,
  Leaves,
  LeavesQuery,
  RegistryState,
  Roots,
} from '@blindpost/protocol/identity';
import Type from 'typebox';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { isoTime } from '../../../platform/iso-time.js';
import { attesters } from '../commands/attesters.js';
import type { Identity } from '../identity.js';
import { fieldText } from '../rules/field-bytes.js';
import { validUntil } from '../rules/root-standing.js';
import { registryState } from '../store/head.js';
import { listLeaves } from '../store/leaves.js';
import { attesterProof } from '../store/paths.js';
import { validRoots } from '../store/roots.js';
import { pageOf } from './page.js';

/** `/registry…`: what everybody may know of the attesters. */
export function mountRegistry(app: HttpApp, identity: Identity): void {
  const { db, clock, settings } = identity;
  app.get('/registry', { schema: { response: { 200: RegistryState } } }, async (_request, reply) => {
    const { root, attesters: count, updatedAt } = await db.read(registryState, null);
    return reply.send({ root: fieldText(root), attestersCount: count, updatedAt: isoTime(updatedAt) });
  });

  app.get(
    '/registry/attesters',
    { schema: { querystring: AttestersQuery, response: { 200: Attesters } } },
    async ({ query }, reply) => {
      const { attesters: page, more } = await attesters(identity, pageOf(query));
      return reply.header('X-Has-More', String(more)).send({ attesters: page });
    },
  );

  app.get(
    '/registry/attesters/:id/proof',
    { schema: { params: Type.Object({ id: Type.String() }), response: { 200: AttesterProof } } },
    async ({ params: { id } }, reply) => {
      // A database may refuse the text itself: PostgreSQL takes no NUL.
      const proof = isAttesterId(id) ? await db.read(attesterProof, { id }) : null;
      if (proof === null) return sendRefusal(reply, refuse('attester_not_found', { field: 'id' }));
      return reply.send(proof);
    },
  );

  app.get(
    '/registry/leaves',
    { schema: { querystring: LeavesQuery, response: { 200: Leaves } } },
    async ({ query }, reply) => {
      const page = await db.read(listLeaves, pageOf(query));
      const last = page.leaves.at(-1)?.index ?? page.size - 1;
      return reply.header('X-Has-More', String(last < page.size - 1)).send(page);
    },
  );

  app.get('/registry/roots', { schema: { response: { 200: Roots } } }, async (_request, reply) => {
    const windowMs = settings.IDENTITY_ROOT_WINDOW;
    const valid = await db.read(validRoots, { now: clock.now(), windowMs });
    const roots = valid.map((row) => {
      const until = validUntil(row, windowMs);
      return {
        root: fieldText(row.root),
        since: isoTime(row.since),
        validUntil: until === null ? null : isoTime(until),
      };
    });
    return reply.send({ roots });
  });
}
