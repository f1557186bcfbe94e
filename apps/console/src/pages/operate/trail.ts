import { MAX_PAGE } from '@blindpost/protocol/identity';
import { BEGINNING, checkChain, type Link } from './chain.js';
import type { Desk } from './desk.js';

/** How far a check of the trail came: the entry it reached, or the one that does not follow. */
export type Trail = { state: 'under way' | 'whole' | 'broken' | 'away'; sequence: number };

/**
 * The last entries that were seen to stand, by the page that shows them: what comes before one of them cannot be
 * changed unnoticed while this page stays open.
 */
const seen: Link[] = [];
const SEEN = 1_000;

/** Checks the whole trail, page by page, and tells after each how far it came. */
export async function* checkTrail(desk: Desk): AsyncGenerator<Trail> {
  let last = BEGINNING;
  for (let more = true; more; ) {
    yield { state: 'under way', sequence: last.sequence };
    const answer = await desk.audit(last.sequence, MAX_PAGE);
    if (!answer.ok) return yield { state: 'away', sequence: last.sequence };
    const { entries } = answer.value;
    const checked = await checkChain(entries, last);
    if (!checked.ok) return yield { state: 'broken', sequence: checked.sequence };
    const changed = seen.find(({ sequence, hash }) =>
      entries.some((entry) => entry.sequence === sequence && entry.hash !== hash),
    );
    if (changed !== undefined) return yield { state: 'broken', sequence: changed.sequence };
    last = entries.length === 0 ? last : checked.last;
    more = answer.more && entries.length > 0;
  }
  // A trail that was cut, or written anew, does not reach what was seen of it.
  const cut = seen.find(({ sequence }) => sequence > last.sequence);
  if (cut !== undefined) return yield { state: 'broken', sequence: last.sequence + 1 };
  seen.push(last);
  if (seen.length > SEEN) seen.shift();
  yield { state: 'whole', sequence: last.sequence };
}
