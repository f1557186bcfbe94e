import { createResource } from 'solid-js';

/** What a server may serve, as `/health` names it. */
export type ServiceName = 'relay' | 'accounts' | 'e2ee' | 'pool' | 'identity';
export type Served = Readonly<Partial<Record<ServiceName, 'ok' | 'degraded'>>>;

const [served, { refetch }] = createResource<Served | null>(askServed, { initialValue: null });

/** What this server serves and how it is; null while that is not known, or the server does not answer. */
export { served };
export const askAgain = (): void => void refetch();

async function askServed(): Promise<Served | null> {
  try {
    // 503 is an answer too: it says which part is not well.
    const response = await fetch('/health');
    const answer: unknown = await response.json();
    return readServed(answer);
  } catch {
    return null;
  }
}

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
