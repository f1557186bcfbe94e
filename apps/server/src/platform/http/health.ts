import { Health } from '@blindpost/protocol/health';
import type { Clock } from '../clock.js';
import type { HttpApp } from './http.js';

/** Whether one part can do its work now. */
export type Part = { name: string; healthy(): boolean };

/** The parts by name. */
export function partStates(parts: readonly Part[]): Health['services'] {
  return Object.fromEntries(parts.map((part) => [part.name, part.healthy() ? 'ok' : 'degraded']));
}

/** `GET /health`: honest about every part; 503 while one is away, so that a balancer turns elsewhere. */
export function mountHealth(app: HttpApp, parts: readonly Part[], clock: Clock, environment: string): void {
  app.get(
    '/health',
    { config: { padded: true }, schema: { response: { 200: Health, 503: Health } } },
    async (_request, reply) => {
      const services = partStates(parts);
      const degraded = Object.values(services).includes('degraded');
      return reply.code(degraded ? 503 : 200).send({
        status: degraded ? 'degraded' : 'ok',
        timestamp: new Date(clock.now()).toISOString(),
        environment,
        services,
      });
    },
  );
}
