import { ERRORS, errorBody, type Refusal } from '@blindpost/protocol/errors';
import type { FastifyReply } from 'fastify';

/** Answers a refusal: status of its code, `Retry-After` where it tells a time, the one error shape. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.details.retryAfter !== undefined) reply.header('Retry-After', refusal.details.retryAfter);
  return reply.code(ERRORS[refusal.code].status).send(errorBody(refusal));
}
