import {
  Ack,
  AckAnswer,
  Distribute,
  DistributeAnswer,
  Envelope,
  MAX_DISTRIBUTE_BODY,
  MAX_SEND_BODY,
  Pending,
  PendingQuery,
  Send,
  Uuid,
} from '@blindpost/protocol/e2ee';
import Type from 'typebox';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { acknowledge, acknowledgeOne } from '../commands/acknowledge.js';
import { pending } from '../commands/pending.js';
import { distribute, send } from '../commands/send.js';
import type { E2ee } from '../e2ee.js';
import { bearerOf } from './bearer.js';

/** `/messages…` and `/groups/…`: envelopes on their way. */
export function mountMessages(app: HttpApp, e2ee: E2ee): void {
  app.post(
    '/messages',
    { bodyLimit: MAX_SEND_BODY, schema: { body: Send, response: { 200: Envelope } } },
    async (request, reply) => {
      const result = await send(e2ee, bearerOf(request), request.body);
      return result.ok ? reply.send(result.envelope) : sendRefusal(reply, result);
    },
  );

  app.get(
    '/messages/pending',
    { schema: { querystring: PendingQuery, response: { 200: Pending } } },
    async (request, reply) => {
      const { envelopes, more } = await pending(e2ee, bearerOf(request), request.query);
      return reply.header('X-Has-More', String(more)).send(envelopes);
    },
  );

  app.post(
    '/messages/ack',
    { schema: { body: Ack, response: { 200: AckAnswer } } },
    async (request, reply) => {
      const result = await acknowledge(e2ee, bearerOf(request), request.body);
      return result.ok ? reply.send({ acknowledged: result.acknowledged }) : sendRefusal(reply, result);
    },
  );

  app.post(
    '/messages/:envelopeId/ack',
    { schema: { params: Type.Object({ envelopeId: Uuid }), response: { 200: Envelope } } },
    async (request, reply) => {
      const result = await acknowledgeOne(e2ee, bearerOf(request), request.params.envelopeId);
      return result.ok ? reply.send(result.envelope) : sendRefusal(reply, result);
    },
  );

  app.post(
    '/groups/sender-key/distribute',
    { bodyLimit: MAX_DISTRIBUTE_BODY, schema: { body: Distribute, response: { 200: DistributeAnswer } } },
    async (request, reply) => {
      const result = await distribute(e2ee, bearerOf(request), request.body);
      return result.ok ? reply.send({ sent: result.sent }) : sendRefusal(reply, result);
    },
  );
}
