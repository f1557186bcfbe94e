import { Stats } from '@blindpost/protocol/relay';
import type { Admin } from '../../../platform/http/admin.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import type { Sessions } from '../delivery/sessions.js';
import type { Relay } from '../relay.js';

/** `GET /stats`: counts only, for this machine or the admin key. */
export function mountStats(app: HttpApp, relay: Relay, admin: Admin, sessions: Sessions): void {
  app.get('/stats', { schema: { response: { 200: Stats } } }, async (request, reply) => {
    const refusal = await admin.authoriseLocal(request.raw);
    if (refusal !== null) return sendRefusal(reply, refusal);
    const { identities, messages, bytes } = await relay.store.totals();
    return reply.send({
      active_connections: sessions.size,
      identities,
      queued_messages: messages,
      queued_bytes: bytes,
    });
  });
}
