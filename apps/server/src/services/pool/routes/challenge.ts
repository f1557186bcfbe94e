import { PoolChallenge } from '@blindpost/protocol/pool';
import type { HttpApp } from '../../../platform/http/http.js';
import { challenge } from '../commands/challenge.js';
import type { Pool } from '../pool.js';
import { minerOf } from './miner.js';
import { sendPoolRefusal } from './refusal.js';

/** `GET /challenge`: the round this miner works on. */
export function mountChallenge(app: HttpApp, pool: Pool): void {
  app.get('/challenge', { schema: { response: { 200: PoolChallenge } } }, async (request, reply) => {
    const result = await challenge(pool, minerOf(request));
    return result.ok ? reply.send(result.challenge) : sendPoolRefusal(reply, result);
  });
}
