import type { HttpApp } from './http.js';

/** `GET /openapi.json`: every route, from the schemas that validate it (OpenAPI 3.1). */
export function mountDescription(app: HttpApp): void {
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => reply.send(app.swagger()));
}
