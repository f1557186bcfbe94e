import { refuse } from '@blindpost/protocol/errors';
import type { FastifyRequest } from 'fastify';
import { isTooDeep } from '../../../platform/http/depth.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { MAX_NESTING, toCamel, toSnake } from '../wire/case.js';

/** Takes members in either spelling, and answers in snake_case whoever asks for it by `Accept: …; case=snake`. */
export function spellBothWays(app: HttpApp): void {
  app.addHook('preValidation', async (request, reply) => {
    const { body } = request;
    if (isTooDeep(body, MAX_NESTING)) {
      return sendRefusal(reply, refuse('invalid_request', { field: 'body' }, 'The body nests too deep.'));
    }
    const read = toCamel(body);
    if (!read.ok) return sendRefusal(reply, read);
    request.body = read.value;
    const query = toCamel(request.query);
    if (!query.ok) return sendRefusal(reply, query);
    request.query = query.value;
    return undefined;
  });
  app.addHook('preSerialization', async (request, _reply, payload) =>
    wantsSnake(request) ? toSnake(payload) : payload,
  );
}

function wantsSnake({ headers }: FastifyRequest): boolean {
  return /;\s*case\s*=\s*"?snake\b/i.test(headers.accept ?? '');
}
