import { Burn, Burned, WorkHeaders } from '@blindpost/protocol/relay';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { burn } from '../commands/burn.js';
import type { Relay } from '../relay.js';
import { payWith } from './work.js';

/** `POST /account/burn` */
export function mountBurn(app: HttpApp, relay: Relay): void {
  app.post(
    '/account/burn',
    { schema: { headers: WorkHeaders, body: Burn, response: { 200: Burned } } },
    async ({ headers, body }, reply) => {
      const hash = body.identity_hash;
      const unpaid = await payWith(relay, headers, { type: 'burn' }, hash, hash);
      if (unpaid !== null) return sendRefusal(reply, unpaid);
      const result = await burn(relay, body, headers['x-pow-seed'] ?? '');
      return result.ok ? reply.send({ status: 'account_purged' as const }) : sendRefusal(reply, result);
    },
  );
}
