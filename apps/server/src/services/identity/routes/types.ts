import { EntityTypes } from '@blindpost/protocol/identity';
import { CATEGORIES, ENTITY_TYPES } from '@blindpost/zk/entity-types';
import type { HttpApp } from '../../../platform/http/http.js';

/** `GET /types`: the table of entity types. */
export function mountTypes(app: HttpApp): void {
  const types = ENTITY_TYPES.map(({ code, hex, numeric, name, phonetic, category }) => ({
    code,
    hex,
    numeric,
    name,
    phonetic,
    category,
  }));
  app.get('/types', { schema: { response: { 200: EntityTypes } } }, async (_request, reply) =>
    reply.send({ types, categories: CATEGORIES }),
  );
}
