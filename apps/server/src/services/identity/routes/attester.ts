import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bearerToken } from '../../../platform/http/bearer-token.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendAllowance, sendRefusal } from '../../../platform/http/reply.js';
import type { Identity } from '../identity.js';
import { apiKeyHash, sameHash } from '../rules/api-key.js';
import { type AttesterRow, attesterById, attesterByKey } from '../store/attesters.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every route behind {@link requireAttester}; null where a development attester may be named instead. */
    attester: AttesterRow | null;
  }
}

const KEY = /^[0-9a-f]{64}$/;

/** The approved attester whose API key this is. */
export async function attesterOf({ db }: Identity, token: string): Promise<AttesterRow | null> {
  if (!KEY.test(token)) return null;
  const hash = apiKeyHash(token);
  const row = await db.read(attesterByKey, { apiKeyHash: hash });
  return row !== null && sameHash(row.api_key_hash, hash) ? row : null;
}

/**
 * Lets nobody past without an attester's key; before the body is read.
 * @param unless whether a request without any key may name a development attester in its body
 */
export function requireAttester(app: HttpApp, identity: Identity, unless: (route: string) => boolean): void {
  app.decorateRequest('attester', null);
  app.addHook('onRequest', async (request, reply) => {
    const { authorization } = request.headers;
    if (authorization === undefined && unless(request.routeOptions.url ?? '')) return undefined;
    const token = bearerToken(authorization);
    request.attester = token === null ? null : await attesterOf(identity, token);
    return request.attester === null ? sendRefusal(reply, unauthorized(authorization)) : undefined;
  });
}

/** Counts the request against its attester. Null when it was answered: there was none, or it asked too often. */
export async function admitAttester(
  identity: Identity,
  request: Pick<FastifyRequest, 'attester'>,
  reply: FastifyReply,
  named?: string,
): Promise<AttesterRow | null> {
  const attester = request.attester ?? (await developmentAttester(identity, named));
  if (attester === null) {
    sendRefusal(reply, unauthorized(undefined));
    return null;
  }
  const { names, limits, buckets } = identity;
  const { refusal, allowance } = await limits.identity(names.attester(attester.place), buckets.attest);
  if (refusal !== null) {
    sendRefusal(reply, refusal);
    return null;
  }
  sendAllowance(reply, allowance);
  return attester;
}

async function developmentAttester(identity: Identity, id: string | undefined): Promise<AttesterRow | null> {
  if (identity.production || id === undefined) return null;
  const row = await identity.db.read(attesterById, { id });
  return row?.development === 1 ? row : null;
}

function unauthorized(authorization: string | undefined): Refusal {
  const message =
    authorization === undefined
      ? 'Authorization: Bearer <attester key> is required.'
      : 'This is the key of no approved attester.';
  return refuse('unauthorized', { field: 'authorization' }, message);
}
