import { Overview } from '@blindpost/protocol/overview';
import type { Admin } from '../http/admin.js';
import type { HttpApp } from '../http/http.js';
import { sendRefusal } from '../http/reply.js';
import type { Gathering } from './gathering.js';

/** `GET /admin/overview`: how this instance does, for the admin key. */
export function mountOverview(app: HttpApp, gathering: Gathering, admin: Admin): void {
  app.get(
    '/admin/overview',
    { config: { padded: true }, schema: { response: { 200: Overview } } },
    async (request, reply) => {
      reply.header('Cache-Control', 'no-store');
      const refusal = await admin.authorise(request.raw);
      return refusal === null ? reply.send(await gathering.read()) : sendRefusal(reply, refusal);
    },
  );
}
