import { ERRORS, errorBody, type Refusal, refuse } from '@blindpost/protocol/errors';
import {
  RecordAnswer,
  RecordRequest,
  Rejected,
  Verified,
  VerifyBatchAnswer,
  VerifyBatchRequest,
  VerifyRequest,
} from '@blindpost/protocol/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Addresses } from '../../../platform/http/addresses.js';
import { bearerToken } from '../../../platform/http/bearer-token.js';
import { PLATFORM_FAILURES, refusalOf } from '../../../platform/http/failure.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { refusalHeaders, sendAllowance, sendRefusal } from '../../../platform/http/reply.js';
import { record } from '../commands/record.js';
import { verify } from '../commands/verify.js';
import { verifyBatch } from '../commands/verify-batch.js';
import type { Identity } from '../identity.js';
import type { Caller } from '../rules/names.js';
import { attesterOf } from './attester.js';
import { limitByAddress } from './limit.js';

/** A hundred proofs of a kilobyte and a half, with room for white space. */
const BATCH_BODY_LIMIT = 1 << 19;

/** `POST /verify`, `/verify/batch` and `/verify/record`. Each proof counts as one request. */
export function mountVerify(app: HttpApp, identity: Identity, addresses: Addresses): void {
  const { limits, buckets } = identity;
  limitByAddress(app, identity, addresses, buckets.verify);

  app.post(
    '/verify',
    {
      schema: { body: VerifyRequest, response: { 200: Verified, 400: Rejected, 409: Rejected } },
      errorHandler(error, _request, reply) {
        const refusal = refusalOf(error, PLATFORM_FAILURES);
        // The rest is for whoever answers the failures of all routes.
        if (refusal === null) throw error;
        return sendVerdict(reply, refusal);
      },
    },
    async (request, reply) => {
      const result = await verify(identity, await callerOf(identity, addresses, request), request.body);
      identity.counted(result.ok ? 'valid' : result.code);
      return result.ok ? reply.send(result.answer) : sendVerdict(reply, result);
    },
  );

  app.post(
    '/verify/batch',
    {
      bodyLimit: BATCH_BODY_LIMIT,
      schema: { body: VerifyBatchRequest, response: { 200: VerifyBatchAnswer } },
    },
    async (request, reply) => {
      const { length } = request.body.proofs;
      const { capacity } = buckets.verify;
      // To wait for room for more than there ever is would be to wait for ever.
      if (capacity > 0 && length > capacity) return sendRefusal(reply, tooMany(capacity));
      // The first one has been counted with the request.
      const others = length - 1;
      if (others > 0) {
        const { refusal, allowance } = await limits.address(
          addresses.of(request.raw),
          buckets.verify,
          others,
        );
        if (refusal !== null) return sendRefusal(reply, refusal);
        sendAllowance(reply, allowance);
      }
      const result = await verifyBatch(identity, await callerOf(identity, addresses, request), request.body);
      if (!result.ok) return sendRefusal(reply, result);
      for (const each of result.results) identity.counted(each.ok ? 'valid' : each.code);
      return reply.send({
        results: result.results.map((each) => (each.ok ? each.answer : rejected(each))),
      });
    },
  );

  app.post(
    '/verify/record',
    { schema: { body: RecordRequest, response: { 200: RecordAnswer } } },
    async (request, reply) => {
      const result = await record(identity, await callerOf(identity, addresses, request), request.body);
      if (!result.ok) return sendRefusal(reply, result);
      return reply.send({ recorded: true, nullifier: result.nullifier });
    },
  );
}

/** An attester may ask from many addresses; everybody else is known by the one they ask from. */
async function callerOf(identity: Identity, addresses: Addresses, request: FastifyRequest): Promise<Caller> {
  const token = bearerToken(request.headers.authorization);
  const attester = token === null ? null : await attesterOf(identity, token);
  return { address: addresses.of(request.raw), attester: attester?.place ?? null };
}

function tooMany(limit: number): Refusal {
  const message = `proofs must be at most ${limit} on this server: each counts against the rate of its address`;
  return refuse('invalid_request', { field: 'proofs', limit }, message);
}

/** What says nothing about the proof is answered as everywhere. */
function sendVerdict(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status } = ERRORS[refusal.code];
  if (status !== 400 && status !== 409) return sendRefusal(reply, refusal);
  return reply.code(status).headers(refusalHeaders(refusal)).send(rejected(refusal));
}

function rejected(refusal: Refusal): Rejected {
  return { valid: false, ...errorBody(refusal) };
}
