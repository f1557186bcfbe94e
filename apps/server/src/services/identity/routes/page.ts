import { MAX_PAGE } from '@blindpost/protocol/identity';

/** A page as it was asked for; before the first one, which is 0 or 1, lies everything. */
export function pageOf(query: { after?: string; take?: string }): { after: number; take: number } {
  const take = Number(query.take ?? MAX_PAGE);
  return { after: Number(query.after ?? -1), take: Math.min(take, MAX_PAGE) };
}
