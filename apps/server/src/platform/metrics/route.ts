import type { Admin } from '../http/admin.js';
import type { HttpApp } from '../http/http.js';
import { sendRefusal } from '../http/reply.js';
import type { Metrics } from './metrics.js';

/** `GET /metrics`: Prometheus text, for this machine or the admin key. */
export function mountMetrics(app: HttpApp, metrics: Metrics, admin: Admin): void {
  app.get('/metrics', { config: { padded: true } }, async (request, reply) => {
    const refusal = await admin.authoriseLocal(request.raw);
    if (refusal !== null) return sendRefusal(reply, refusal);
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}
