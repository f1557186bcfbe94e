import { ERRORS, errorBody, type Refusal } from '@blindpost/protocol/errors';
import type { FastifyReply } from 'fastify';
import type { Allowance } from '../admission/limits.js';

/** Answers a refusal: status of its code, the headers it calls for, the one error shape. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.code(ERRORS[refusal.code].status).headers(refusalHeaders(refusal)).send(errorBody(refusal));
}

/** `Retry-After` where a refusal tells a time, `X-RateLimit-*` where a limit refused. */
export function refusalHeaders({ code, details }: Refusal): Record<string, string> {
  const { retryAfter, limit } = details;
  if (retryAfter === undefined) return {};
  const wait = { 'Retry-After': String(retryAfter) };
  if (ERRORS[code].status !== 429) return wait;
  return {
    ...wait,
    'X-RateLimit-Limit': String(limit ?? 0),
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String(retryAfter),
  };
}

/** `X-RateLimit-*` of an answer that a limit let pass; null = there is no limit. */
export function sendAllowance(reply: FastifyReply, allowance: Allowance | null): void {
  if (allowance === null) return;
  reply.header('X-RateLimit-Limit', allowance.limit);
  reply.header('X-RateLimit-Remaining', allowance.remaining);
}
