import { createResource } from 'solid-js';
import { readServed, type Served } from './served.js';

export type { ServiceName } from './served.js';

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
