import type { Overview } from '@blindpost/protocol/overview';
import { createSignal } from 'solid-js';
import { type Answer, Desk, type Fault } from './desk.js';
import { type Sample, sampleOf, withSample } from './samples.js';

/** What the key opened. Kept in the page's memory and nowhere else: a reload forgets it. */
const [desk, setDesk] = createSignal<Desk | null>(null);
const [overview, setOverview] = createSignal<Overview | null>(null);
const [samples, setSamples] = createSignal<readonly Sample[]>([]);
/** What is wrong now; null while the server answers. */
const [fault, setFault] = createSignal<Fault | null>(null);

export { desk, fault, overview, samples };

/** Tries a key and keeps it when it is the right one. */
export async function open(key: string): Promise<Fault | null> {
  const tried = new Desk(key);
  const answer = await tried.overview();
  if (!answer.ok) return answer.fault;
  take(answer);
  setDesk(tried);
  return null;
}

/** Forgets the key and all that it showed. */
export function leave(): void {
  setDesk(null);
  setOverview(null);
  setSamples([]);
  setFault(null);
}

/** Asks anew, and notes the answer or its absence. */
export async function look(): Promise<void> {
  const asked = desk();
  // A key that ended is not tried again: wrong ones are counted.
  if (asked === null || fault()?.kind === 'key') return;
  const answer = await asked.overview();
  // Meanwhile it was left.
  if (desk() === asked) take(answer);
}

function take(answer: Answer<Overview>): void {
  setFault(answer.ok ? null : answer.fault);
  if (answer.ok) setOverview(answer.value);
  const sample = answer.ok ? sampleOf(answer.value) : { at: Date.now() / 1_000, seen: null };
  setSamples((kept) => withSample(kept, sample));
}
