/**
 * Servers that a run of many test files keeps for the suites that ask for nothing of their own: starting one takes
 * longer than most suites. `scripts/test.mjs` has `stand.program.ts` start them and names them in `TEST_STAND`.
 */

/** Addresses of servers on one state, by the name of the stage. */
export type Stand = Readonly<Record<string, readonly string[]>>;

const stand: Stand = JSON.parse(process.env.TEST_STAND ?? '{}');

/** The first `count` of that name; null where the run keeps none, or was asked for none. */
export function standing(name: string | undefined, count = 1): readonly string[] | null {
  const urls = name === undefined ? undefined : stand[name];
  return urls === undefined || urls.length < count ? null : urls.slice(0, count);
}
