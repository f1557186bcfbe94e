import { RevokeRequest } from '@blindpost/protocol/accounts';
import type { HttpApp } from '../../../platform/http/http.js';
import type { Accounts } from '../accounts.js';
import { erase } from '../commands/erase.js';
import { revoke } from '../commands/revoke.js';
import { bearerOf } from './bearer.js';

/** `POST /api/accounts/revoke` and `DELETE /api/accounts/me`. */
export function mountEnd(app: HttpApp, accounts: Accounts): void {
  app.post(
    '/revoke',
    {
      // The body may be left out.
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {};
      },
      schema: { body: RevokeRequest },
    },
    async (request, reply) => {
      await revoke(accounts, bearerOf(request), request.body);
      return reply.code(204).send();
    },
  );

  app.delete('/me', async (request, reply) => {
    await erase(accounts, bearerOf(request));
    return reply.code(204).send();
  });
}
