import { ERRORS, errorBody, type Refusal } from '@blindpost/protocol/errors';
import type { FastifyReply } from 'fastify';
import { refusalHeaders } from '../../../platform/http/reply.js';

/** The common shape, and `reason` beside it: what clients of the original pool read. */
export function sendPoolRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const body = { ...errorBody(refusal), reason: refusal.code };
  return reply.code(ERRORS[refusal.code].status).headers(refusalHeaders(refusal)).send(body);
}
