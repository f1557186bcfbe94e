import type { HttpApp } from './http.js';

/** `GET /openapi.json`: every route, from the schemas that validate it (OpenAPI 3.1). */
export function mountDescription(app: HttpApp): void {
  // Made once: it takes milliseconds, and any stranger may ask.
  let text: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').send(text);
  });
}
