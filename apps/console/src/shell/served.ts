/** What a server may serve, as `/health` names it. */
export type ServiceName = 'relay' | 'accounts' | 'e2ee' | 'pool' | 'identity';
export type Served = Readonly<Partial<Record<ServiceName, 'ok' | 'degraded'>>>;

/** The services of an answer of `/health`, or null for anything else. */
export function readServed(answer: unknown): Served | null {
  if (typeof answer !== 'object' || answer === null || !('services' in answer)) return null;
  const { services } = answer;
  if (typeof services !== 'object' || services === null) return null;
  const read: Partial<Record<ServiceName, 'ok' | 'degraded'>> = {};
  for (const name of ['relay', 'accounts', 'e2ee', 'pool', 'identity'] as const) {
    const state: unknown = Reflect.get(services, name);
    if (state === 'ok' || state === 'degraded') read[name] = state;
  }
  return read;
}
