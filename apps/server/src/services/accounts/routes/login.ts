import {
  AccountChallenge,
  AccountChallengeRequest,
  TokenAnswer,
  TokenRequest,
} from '@blindpost/protocol/accounts';
import type { Addresses } from '../../../platform/http/addresses.js';
import type { Hosts } from '../../../platform/http/hosts.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import type { Accounts } from '../accounts.js';
import { challenge } from '../commands/challenge.js';
import { logIn } from '../commands/log-in.js';
import type { OwnTokens } from '../tokens/own.js';

/** Which host a request dialled. */
export type Whereabouts = { hosts: Hosts; addresses: Addresses };

/** `POST /api/accounts/challenge`, then `POST /api/accounts/token`. */
export function mountLogin(app: HttpApp, accounts: Accounts, own: OwnTokens, at: Whereabouts): void {
  app.post(
    '/challenge',
    { schema: { body: AccountChallengeRequest, response: { 200: AccountChallenge } } },
    async (request, reply) => {
      const result = await challenge(accounts, request.body);
      return result.ok ? reply.send(result.answer) : sendRefusal(reply, result);
    },
  );

  app.post(
    '/token',
    { schema: { body: TokenRequest, response: { 200: TokenAnswer } } },
    async (request, reply) => {
      const { host = '' } = request.headers;
      const dialled = { host, own: at.hosts.isOwn(host, at.addresses.isLoopback(request.raw)) };
      const result = await logIn(accounts, own, request.body, dialled);
      return result.ok ? reply.send(result.answer) : sendRefusal(reply, result);
    },
  );
}
