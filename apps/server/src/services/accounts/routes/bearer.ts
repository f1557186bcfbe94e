import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { FastifyRequest } from 'fastify';
import { bearerToken } from '../../../platform/http/bearer-token.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import type { Accounts } from '../accounts.js';
import type { Bearer } from '../tokens/bearer.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every route behind {@link requireToken}. */
    accountBearer: Bearer | null;
  }
}

/** Lets nobody past without a token that holds; before the body is read. */
export function requireToken(app: HttpApp, { verifier }: Accounts): void {
  app.decorateRequest('accountBearer', null);
  app.addHook('onRequest', async (request, reply) => {
    const token = bearerToken(request.headers.authorization);
    const verified = token === null ? missing() : await verifier.verify(token);
    if (!verified.ok) return sendRefusal(reply, verified);
    request.accountBearer = verified.bearer;
    return undefined;
  });
}

/** Who asks. */
export function bearerOf(request: Pick<FastifyRequest, 'accountBearer'>): Bearer {
  const { accountBearer } = request;
  if (accountBearer === null) throw new Error('a route that is not behind requireToken');
  return accountBearer;
}

function missing(): Refusal {
  return refuse('unauthorized', { field: 'authorization' }, 'Authorization: Bearer <token> is required.');
}
