import { Challenge, ChallengeQuery } from '@blindpost/protocol/relay';
import type { Addresses } from '../http/addresses.js';
import type { FailureCodes } from '../http/failure.js';
import { type HttpApp, setFailures } from '../http/http.js';
import { sendAllowance, sendRefusal } from '../http/reply.js';
import type { Log } from '../log/log.js';
import type { Bucket } from '../volatile/volatile.js';
import type { Gate } from './gate.js';
import type { Limits } from './limits.js';

/** The codes of the gate, and of the relay, which has always spoken them. */
export const GATE_FAILURES: FailureCodes = {
  malformed: 'ERR_MALFORMED',
  tooLarge: 'ERR_TOO_LARGE',
  mediaType: 'ERR_MALFORMED',
  unavailable: 'ERR_UNAVAILABLE',
};

/** What the gate's one route stands on. */
export type Door = { gate: Gate; limits: Limits; addresses: Addresses; bucket: Bucket; log: Log };

/** `GET /pow/challenge`: a seed and what it costs. Padded while the relay is served. */
export async function mountGate(app: HttpApp, { gate, limits, addresses, bucket, log }: Door): Promise<void> {
  await app.register(async (scope: HttpApp) => {
    setFailures(scope, GATE_FAILURES, log);
    scope.addHook('onRequest', async (request, reply) => {
      const { refusal, allowance } = await limits.address(addresses.of(request.raw), bucket);
      if (refusal !== null) return sendRefusal(reply, refusal);
      sendAllowance(reply, allowance);
      return undefined;
    });
    scope.get(
      '/pow/challenge',
      { config: { padded: true }, schema: { querystring: ChallengeQuery, response: { 200: Challenge } } },
      async (request, reply) => {
        const challenge = await gate.issue(request.query);
        return 'ok' in challenge ? sendRefusal(reply, challenge) : reply.send(challenge);
      },
    );
  });
}
