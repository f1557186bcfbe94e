import { refuse } from '@blindpost/protocol/errors';
import type { FastifyRequest } from 'fastify';
import type { Addresses } from '../../../platform/http/addresses.js';
import { bearerToken } from '../../../platform/http/bearer-token.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendAllowance, sendRefusal } from '../../../platform/http/reply.js';
import type { Bearer } from '../accounts.js';
import type { E2ee } from '../e2ee.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the handlers of the transport's routes run. */
    e2eeBearer: Bearer | null;
  }
}

/** Limits by address, then asks for a token that holds, then limits by account; all before a body is read. */
export function requireBearer(app: HttpApp, e2ee: E2ee, addresses: Addresses): void {
  app.decorateRequest('e2eeBearer', null);
  app.addHook('onRequest', async (request, reply) => {
    const { requests } = e2ee.buckets;
    const { refusal } = await e2ee.limits.address(addresses.of(request.raw), requests);
    if (refusal !== null) return sendRefusal(reply, refusal);
    const token = bearerToken(request.headers.authorization);
    const verified =
      token === null ? refuse('unauthorized', { field: 'authorization' }) : await e2ee.accounts.verify(token);
    if (!verified.ok) return sendRefusal(reply.header('WWW-Authenticate', 'Bearer'), verified);
    const { bearer } = verified;
    request.e2eeBearer = bearer;
    const limited = await e2ee.limits.identity(e2ee.names.account(bearer), requests);
    if (limited.refusal !== null) return sendRefusal(reply, limited.refusal);
    sendAllowance(reply, limited.allowance);
    return undefined;
  });
}

/** Who asks. */
export function bearerOf({ e2eeBearer }: Pick<FastifyRequest, 'e2eeBearer'>): Bearer {
  if (e2eeBearer === null) throw new Error('a route that is not behind requireBearer');
  return e2eeBearer;
}
