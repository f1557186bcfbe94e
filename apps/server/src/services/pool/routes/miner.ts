import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { FastifyRequest } from 'fastify';
import { type Addresses, UNKNOWN_ADDRESS } from '../../../platform/http/addresses.js';
import type { Hosts } from '../../../platform/http/hosts.js';
import type { Miner } from '../miners/miner.js';
import type { Pool } from '../pool.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the handlers of the pool's miner routes run. */
    miner: Miner | null;
  }
}

export type Door = { addresses: Addresses; hosts: Hosts };

/**
 * Who asks. A token says it by itself. An address says it only where no other site's page can have sent the
 * request: such a page would otherwise spend its visitor's balance.
 */
export function identify(
  pool: Pool,
  { addresses, hosts }: Door,
  request: FastifyRequest,
): { ok: true; miner: Miner } | Refusal {
  const address = addresses.of(request.raw);
  const { authorization, origin, host } = request.headers;
  if (authorization !== undefined) {
    // Never a fall back to the address: a mistyped token must not pay somebody else.
    const token = /^Bearer (.+)$/i.exec(authorization)?.[1] ?? '';
    const miner = pool.identities.byToken(token, address);
    if (miner !== null) return { ok: true, miner };
    return refuse(
      'unauthorized',
      { field: 'authorization' },
      'The token is not bp_ and 43 characters of base64url.',
    );
  }
  if (!pool.settings.POOL_ADDRESS_IDENTITY) return refuse('unauthorized', { field: 'authorization' });
  if (!hosts.acceptsOrigin(origin, host, [])) {
    return refuse('forbidden', { field: 'origin' }, 'Pages of other sites need a token.');
  }
  // The peer is gone already; all whose peers are gone would otherwise be one miner.
  if (address === UNKNOWN_ADDRESS) return refuse('unauthorized', { field: 'authorization' });
  return { ok: true, miner: pool.identities.byAddress(address) };
}

/** The miner the door let in. */
export function minerOf(request: FastifyRequest): Miner {
  if (request.miner === null) throw new Error('a miner route outside the door');
  return request.miner;
}
