import { refuse } from '@blindpost/protocol/errors';
import type { FastifyRequest } from 'fastify';
import { isTooDeep } from '../../../platform/http/depth.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { MAX_NESTING, toCamel, toSnake } from '../wire/case.js';

/** Takes members in either spelling, and answers in snake_case whoever asks for it by `Accept: …; case=snake`. */
export function spellBothWays(app: HttpApp): void {
  app.addHook('preValidation', (request, reply, done) => {
    const { body } = request;
    if (isTooDeep(body, MAX_NESTING)) {
      sendRefusal(reply, refuse('invalid_request', { field: 'body' }, 'The body nests too deep.'));
      return;
    }
    const read = toCamel(body);
    const query = toCamel(request.query);
    if (!read.ok) sendRefusal(reply, read);
    else if (!query.ok) sendRefusal(reply, query);
    else {
      request.body = read.value;
      request.query = query.value;
      done();
    }
  });
  app.addHook('preSerialization', (request, _reply, payload, done) =>
    done(null, wantsSnake(request) ? toSnake(payload) : payload),
  );
}

function wantsSnake({ headers }: FastifyRequest): boolean {
  return /;\s*case\s*=\s*"?snake\b/i.test(headers.accept ?? '');
}
