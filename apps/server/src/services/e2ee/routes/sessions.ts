import { Session, SessionRequest, Uuid } from '@blindpost/protocol/e2ee';
import Type from 'typebox';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { ensureSession } from '../commands/ensure-session.js';
import type { E2ee } from '../e2ee.js';
import { bearerOf } from './bearer.js';

/** `POST /sessions/{peerId}`; the body may be left out. */
export function mountSessions(app: HttpApp, e2ee: E2ee): void {
  app.post(
    '/sessions/:peerId',
    {
      schema: { params: Type.Object({ peerId: Uuid }), body: SessionRequest, response: { 200: Session } },
      preValidation: async (request) => {
        request.body ??= {};
      },
    },
    async (request, reply) => {
      const result = await ensureSession(e2ee, bearerOf(request), request.params.peerId, request.body);
      return result.ok ? reply.send(result.session) : sendRefusal(reply, result);
    },
  );
}
