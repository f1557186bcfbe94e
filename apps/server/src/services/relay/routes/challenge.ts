import { Challenge, ChallengeQuery } from '@blindpost/protocol/relay';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import type { Relay } from '../relay.js';

/** `GET /pow/challenge` */
export function mountChallenge(app: HttpApp, relay: Relay): void {
  app.get(
    '/pow/challenge',
    { schema: { querystring: ChallengeQuery, response: { 200: Challenge } } },
    async (request, reply) => {
      const challenge = await relay.gate.issue(request.query);
      return 'ok' in challenge ? sendRefusal(reply, challenge) : reply.send(challenge);
    },
  );
}
