import { RegisterAccount, RegisterAccountAnswer } from '@blindpost/protocol/accounts';
import { WorkHeaders } from '@blindpost/protocol/relay';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import type { Accounts } from '../accounts.js';
import { register } from '../commands/register.js';

/** `POST /api/accounts`: an account for a key. */
export function mountRegister(app: HttpApp, accounts: Accounts): void {
  for (const path of ['', '/']) {
    app.post(
      path,
      {
        prefixTrailingSlash: 'slash',
        schema: {
          // One route, described once.
          hide: path === '/',
          headers: WorkHeaders,
          body: RegisterAccount,
          response: { 200: RegisterAccountAnswer, 201: RegisterAccountAnswer },
        },
      },
      async (request, reply) => {
        const result = await register(accounts, request.body, request.headers);
        if (!result.ok) return sendRefusal(reply, result);
        return reply.code(result.created ? 201 : 200).send({ accountId: result.accountId });
      },
    );
  }
}
